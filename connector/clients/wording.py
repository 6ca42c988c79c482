"""What a client says of a failure: marked for the catalogues here, translated by `connector.problems.calls`."""

from collections.abc import Callable, Mapping

Given = Mapping[str, str | int]
"""The values that complete a sentence. `why` is a marked sentence itself, which the same values complete."""


def marked(words: str) -> str:
    """Mark words for the catalogues of gettext. They are translated where a person reads them."""
    return words


def complete(words: str, given: Given, translate: Callable[[str], str] = marked) -> str:
    """Return the sentence with its values. Without values it stays as it is, so it may hold any text."""
    if not given:
        return translate(words)
    why = translate(str(given["why"])) % given if "why" in given else ""
    return translate(words) % {**given, "why": why}


class BadValue(ValueError):
    """A value does not have its form. `words` is the sentence, marked for the catalogues; `given` completes it.

    The message is the whole sentence in English, for a log.
    """

    def __init__(self, words: str, /, **given: str | int) -> None:
        super().__init__(complete(words, given))
        self.words, self.given = words, given
