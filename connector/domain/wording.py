"""What the domain says to a person: marked for the catalogues here, translated by `connector.problems.wording`."""


def marked(words: str) -> str:
    """Mark words for the catalogues of gettext. They are translated where a person reads them."""
    return words


class BadSetting(ValueError):
    """What a person set has no meaning. `words` is the sentence, marked for the catalogues; `params` complete it.

    The message is the whole sentence in English, for a log.
    """

    def __init__(self, words: str, /, **params: object) -> None:
        super().__init__(words % params)
        self.words, self.params = words, params
