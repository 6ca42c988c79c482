"""The error of a credential that cannot be read. It needs no database, so that its words can be written anywhere."""


class UnreadableSecret(Exception):
    """A stored credential cannot be decrypted: its key is no longer in SALT_KEY or SECRET_KEY(_FALLBACKS), or it was
    put there from another place. A person enters it again, or puts the key back.

    `words` is the sentence, marked for the catalogues; `given` completes it, and its `noun` is marked too. The message
    is the whole sentence in English, for a log.
    """

    def __init__(self, words: str, /, **given: str) -> None:
        super().__init__(words % given)
        self.words, self.given = words, given
