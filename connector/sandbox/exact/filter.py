"""The part of OData $filter that Exact Online supports.

eq ne gt ge lt le, and, or, parentheses, substringof, startswith, endswith; literals 'text', guid'…', datetime'…',
numbers (1, 1L, 2.5), true, false, null. A property is compared with a literal only. Texts are compared without
regard to case and trailing spaces, as SQL Server does (assumed). Refusals are those of the OData layer, in English.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox.exact.metadata import Entity
from connector.sandbox.exact.state import Row
from connector.sandbox.exact.texts import ApiError

Test = Callable[[Row], bool]

TOKEN = re.compile(
    r"""\s*(?:
      (?P<guid>guid'[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
    | (?P<datetime>datetime'\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)?')
    | (?P<text>'(?:[^']|'')*')
    | (?P<number>-?\d+(?:\.\d+)?[LlMmDdFf]?)(?![\w'])
    | (?P<word>[A-Za-z_][\w/]*)
    | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
SEARCH: dict[str, Callable[[str, str], bool]] = {
    "substringof": lambda part, value: part in value,
    "startswith": lambda part, value: value.startswith(part),
    "endswith": lambda part, value: value.endswith(part),
}
WORDS = {"true": True, "false": False, "null": None}
KINDS = {"String": "text", "Guid": "guid", "DateTime": "datetime", "Boolean": "word"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse_filter(text: str, entity: Entity) -> Test:
    """Turn a $filter into a test for rows. Raises ApiError (400)."""
    parser = _Parser(text, entity)
    test = parser.either()
    if parser.peek() is not None:
        raise parser.syntax_error()
    return test


class _Parser:
    def __init__(self, text: str, entity: Entity) -> None:
        self._text = text
        self._entity = entity
        self._tokens: list[_Token] = []
        position = 0
        while text[position:].strip():
            match = TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise ApiError(400, f"Syntax error at position {position} in '{text}'.")
            self._tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            position = match.end()
        self._next = 0

    def peek(self) -> str | None:
        return self._tokens[self._next].text if self._next < len(self._tokens) else None

    def syntax_error(self) -> ApiError:
        at = self._tokens[self._next].at if self._next < len(self._tokens) else len(self._text)
        return ApiError(400, f"Syntax error at position {at} in '{self._text}'.")

    def either(self) -> Test:
        tests = [self._both()]
        while self.peek() == "or":
            self._take()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self.peek() == "and":
            self._take()
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _single(self) -> Test:
        if self.peek() == "(":
            self._take()
            test = self.either()
            self._expect(")")
            return test
        if self.peek() in SEARCH:
            return self._search()
        return self._comparison()

    def _comparison(self) -> Test:
        name = self._property()
        token = self._take()
        compare = COMPARE.get(token.text)
        if compare is None:
            raise self.syntax_error()
        wanted = self._literal(name, token.text)

        def test(row: Row) -> bool:
            value = _comparable(row.get(name))
            if value is None or wanted is None:
                return token.text in ("eq", "ne") and compare(value, wanted)
            return compare(value, wanted)

        return test

    def _search(self) -> Test:
        """substringof('part',Property), startswith(Property,'part'); "eq true" may follow."""
        function = self._take().text
        self._expect("(")
        swapped = function == "substringof"
        part = self._plain_text() if swapped else ""
        if swapped:
            self._expect(",")
        name = self._property()
        if not swapped:
            self._expect(",")
            part = self._plain_text()
        self._expect(")")
        wanted = self._truth()
        found, part = SEARCH[function], part.casefold()
        return lambda row: (row.get(name) is not None and found(part, str(row[name]).casefold())) is wanted

    def _truth(self) -> bool:
        if self.peek() != "eq":
            return True
        self._take()
        token = self._take()
        if token.text not in ("true", "false"):
            raise self.syntax_error()
        return token.text == "true"

    def _plain_text(self) -> str:
        token = self._take()
        if token.kind != "text":
            raise self.syntax_error()
        return token.text[1:-1].replace("''", "'")

    def _property(self) -> str:
        token = self._take()
        if token.kind != "word" or token.text in WORDS:
            raise self.syntax_error()
        found = self._entity.properties.get(token.text.partition("/")[0])
        if found is None:
            model = self._entity.model
            raise ApiError(400, f"No property '{token.text}' exists in type '{model}' at position {token.at}.")
        if "/" in token.text or not found.filterable:
            raise ApiError(400, f"Filtering on these fields is not supported: {token.text}")
        return found.name

    def _literal(self, name: str, sign: str) -> object:
        token = self._take()
        if token.text == "null":
            return None
        kind = KINDS.get(self._entity.properties[name].type, "number")
        if token.kind == "word" and token.text not in WORDS:
            raise ApiError(400, "This $filter parameter is not supported for this resource")
        if token.kind != kind:
            raise ApiError(
                400,
                f"Operator '{sign}' incompatible with operand types '{self._entity.properties[name].type}' "
                f"and '{token.kind}' at position {token.at}.",
            )
        return _value(token)

    def _take(self) -> _Token:
        if self._next >= len(self._tokens):
            raise self.syntax_error()
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, sign: str) -> None:
        if self.peek() != sign:
            raise self.syntax_error()
        self._take()


def _value(token: _Token) -> object:
    inside = token.text.partition("'")[2][:-1]
    if token.kind == "text":
        return _comparable(inside.replace("''", "'"))
    if token.kind == "guid":
        return inside.lower()
    if token.kind == "datetime":
        return datetime.fromisoformat(inside)
    if token.kind == "number":
        return Decimal(token.text.rstrip("LlMmDdFf"))
    return WORDS[token.text]


def _comparable(value: object) -> object:
    return value.rstrip().casefold() if isinstance(value, str) else value
