"""What a client says of a failure: marked for the catalogues here, translated by `connector.problems.calls`."""

from collections.abc import Callable, Mapping

Given = Mapping[str, str | int]
"""The values that complete a sentence. Of these, `noun`, `why` and `error` are marked words themselves, which the same
values complete."""

_MARKED = ("noun", "why", "error")  # in this order: an error may name a reason


def marked(words: str) -> str:
    """Mark words for the catalogues of gettext. They are translated where a person reads them."""
    return words


def complete(words: str, given: Given, translate: Callable[[str], str] = marked) -> str:
    """Return the sentence with its values. Without values it stays as it is, so it may hold any text."""
    if not given:
        return translate(words)
    values = dict(given)
    for name in _MARKED:
        if name in values:
            values[name] = translate(str(values[name])) % values
    return translate(words) % values


class BadValue(ValueError):
    """A value does not have its form. `words` is the sentence, marked for the catalogues; `given` completes it.

    The message is the whole sentence in English, for a log.
    """

    def __init__(self, words: str, /, **given: str | int) -> None:
        super().__init__(complete(words, given))
        self.words, self.given = words, given
