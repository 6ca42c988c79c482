"""Takes out of texts and of problems what tells who a person is. Numbers, amounts, codes and days stay."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from connector.domain.document.codes import Code
from connector.domain.document.states import BlockedReason

TAKEN: Final = "[…]"
"""What stands where something was taken out."""

# A shorter word, or a single one, stands in too many texts that have nothing to do with the person.
_SURE_LENGTH = 6
# Values by these names are codes and hashes, whatever they look like.
_CODES = frozenset(
    {"action", "about", "answered", "code", "from", "kind", "line", "method", "month", "sent", "to", "upstream"}
)
# Parameters of problems that tell who the customer is, or who in Exact is like the customer.
_OF_PERSON = frozenset({"accounts", "email", "postcode", "town"})


class Scrub:
    """Replaces the values of one person, wherever they stand as words of their own, in any case."""

    def __init__(self, values: Iterable[str]) -> None:
        words = {each for value in values for each in _spellings(value)}
        ways = "|".join(_as_written(word) for word in sorted(words, key=lambda word: (-len(word), word)))
        self._pattern = re.compile(rf"(?<!\w)(?:{ways})(?!\w)", re.IGNORECASE) if words else None

    def text(self, text: str) -> str:
        """Return a text without the values. What is in a text as JSON is read as JSON."""
        if self._pattern is None or not text:
            return text
        inner = _inner(text)
        if inner is not None:
            without = self.value(inner)
            return text if without == inner else json.dumps(without)
        return self._pattern.sub(TAKEN, text)

    def value(self, value: Any) -> Any:
        """Return a JSON value without the values; codes stay."""
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {name: each if name in _CODES else self.value(each) for name, each in value.items()}
            case list() | tuple():
                return [self.value(each) for each in value]
            case _:
                return value

    def problems(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return problems, as `to_json` writes them, without the person. Other people's names go too."""
        return [{**row, "params": self.params(row["code"], row["params"])} for row in rows]

    def params(self, code: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a problem without the person. Of an account its code stays."""
        of_customer = code in set(Code) and Code(code).reason is BlockedReason.CUSTOMER
        return {name: self._param(name, value, of_customer) for name, value in params.items()}

    def _param(self, name: str, value: Any, of_customer: bool) -> Any:
        if not isinstance(value, str) or not value or name in _CODES:
            return value
        if name in _OF_PERSON or (of_customer and name == "name"):
            return TAKEN
        if name == "account":
            return value.partition(" ")[0]
        return self.text(value)


def is_sure(value: str) -> bool:
    """Whether a value tells the person wherever it stands: an address, a number, or a name of several words."""
    letters = value.strip()
    return len(letters) >= _SURE_LENGTH and any(each.isdigit() or each.isspace() or each in "@." for each in letters)


def _spellings(value: str) -> Iterable[str]:
    """The ways to write a value: as it is, without accents, and as an address on the web has it."""
    plain = " ".join(value.split())
    if len(plain) < 2:
        return
    yield plain
    yield "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    if "@" in plain:
        yield plain.replace("@", "%40")


def _as_written(word: str) -> str:
    return r"\s+".join(re.escape(part) for part in word.split())


def _inner(text: str) -> Any:
    if text[0] not in "[{":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
