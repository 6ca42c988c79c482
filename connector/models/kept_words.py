"""Sentences that the history keeps in English and shows in the language of who reads it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise

from connector.models.amounts import for_reader

SAID: Final = "said"
"""Where a row of the history keeps them in its `data`."""


class Said(str):
    """A sentence in English, with the values in it apart. `%` gives it its values, of which some may be `Said` too.

    A placeholder with a capital first stands where the sentence begins.
    """

    words: str
    given: Mapping[str, object]

    def __new__(cls, words: str, given: Mapping[str, object] | None = None) -> "Said":
        """Make it of gettext's English, the words with their placeholders."""
        self = super().__new__(cls, words % _begun(given) if given else words)
        self.words, self.given = words, dict(given or {})
        return self

    def __mod__(self, given: Any) -> "Said":
        """Return it with its values."""
        return Said(self.words, given)

    def to_json(self) -> dict[str, Any]:
        """Return what `shown` takes."""
        given = {name: each.to_json() if isinstance(each, Said) else _plain(each) for name, each in self.given.items()}
        return {"words": self.words, "given": given}

    def translated(self) -> str:
        """Return it in the active language."""
        return shown(self.to_json()) if self else ""

    def said(self) -> dict[str, Any]:
        """Return what `data` of the history has of it: nothing where the text alone tells it."""
        return {SAID: self.to_json()} if self.given else {}


NOTHING: Final = Said("")
english = Said
"""Marks a sentence for gettext, as `_` does."""


def in_english(text: Promise) -> Said:
    """Return one of gettext's texts as the history keeps it."""
    with translation.override(None):  # without a language a text stays as it stands in the code
        return Said(str(text))


def together(*sentences: Said) -> Said:
    """Return some sentences as one text."""
    given = {f"n{number}": each for number, each in enumerate(filter(None, sentences))}
    return Said(" ".join(f"%({name})s" for name in given), given)


def shown(kept: Any) -> str:
    """Return what `Said.to_json` gave in the active language."""
    given = {name: shown(each) if isinstance(each, dict) else each for name, each in kept["given"].items()}
    words = translation.gettext(kept["words"])
    return words % _begun(for_reader(given)) if given else words


def shown_text(text: str, data: Mapping[str, Any]) -> str:
    """Return a text of the history in the active language; as it is where its words are not known."""
    if SAID in data:
        return shown(data[SAID])
    return translation.gettext(text) if text else ""


def _begun(given: Mapping[str, object]) -> dict[str, object]:
    return dict(_values(given))


def _values(given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, each in given.items():
        yield name, f"{str(each)[:1].upper()}{str(each)[1:]}" if name[0].isupper() else each


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)
