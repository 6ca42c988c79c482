"""OData v2 as Exact Online uses it: query options, paging and the JSON envelopes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote

from connector.sandbox.exact.filter import Test, parse_filter
from connector.sandbox.exact.metadata import SYNC, Entity
from connector.sandbox.exact.state import Row
from connector.sandbox.exact.texts import ApiError

OPTIONS = {"$select", "$filter", "$top", "$skip", "$orderby", "$inlinecount", "$skiptoken", "$expand"}
BARE_LISTS = {"vat/VATCodes"}
EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
PLAIN = "'(),/"
NO_LIMIT = 10**9


@dataclass(frozen=True, slots=True)
class Query:
    """The options of one GET; `select` None means every property."""

    select: tuple[str, ...] | None
    nested: tuple[str, ...] | None
    expand: frozenset[str]
    test: Test
    top: int
    skip: int
    order: tuple[tuple[str, bool], ...]
    skiptoken: str
    count: bool


def parse_query(entity: Entity, options: Mapping[str, str]) -> Query:
    """Read the options. Raises ApiError (400) for an option that is unknown or does not fit the entity."""
    for name in options:
        if name.startswith("$") and name not in OPTIONS:
            raise ApiError(400, f"The query parameter '{name}' is not supported.")
    expand = frozenset(_names(options.get("$expand", "")))
    for name in expand:
        if name not in entity.properties or not entity.properties[name].is_collection:
            raise ApiError(400, f"The property '{name}' on type '{entity.model}' cannot be expanded.")
    paths = _names(options.get("$select", ""))
    for path in paths:
        _known(entity, path.partition("/")[0])
    return Query(
        select=tuple(dict.fromkeys(path.partition("/")[0] for path in paths)) or None,
        nested=tuple(path.partition("/")[2] for path in paths if "/" in path) or None,
        expand=expand,
        test=parse_filter(options["$filter"], entity) if options.get("$filter") else lambda _: True,
        top=_count(options, "$top", NO_LIMIT),
        skip=_count(options, "$skip", 0),
        order=tuple(_order(entity, part) for part in _names(options.get("$orderby", ""))),
        skiptoken=options.get("$skiptoken", ""),
        count=options.get("$inlinecount") == "allpages",
    )


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _known(entity: Entity, name: str) -> str:
    if name not in entity.properties:
        raise ApiError(400, f"Type '{entity.model}' does not have a property named '{name}'.")
    return name


def _order(entity: Entity, part: str) -> tuple[str, bool]:
    name, _, direction = part.partition(" ")
    return _known(entity, name), direction.strip() == "desc"


def _count(options: Mapping[str, str], name: str, default: int) -> int:
    value = options.get(name)
    if value is None:
        return default
    if not value.isdigit():
        raise ApiError(400, f"Incorrect format for {name} argument '{value}'.")
    return int(value)


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    total: int
    next_token: str


def select_page(entity: Entity, query: Query, rows: Iterable[Row], size: int) -> Page:
    """The page for a query. It starts after the last key of the page before, so the order of rows must not change."""
    found = [row for row in rows if query.test(row)]
    natural = "Timestamp" if entity.endpoint in SYNC else entity.key
    found.sort(key=lambda row: str(row[natural]) if natural != "Timestamp" else f"{row[natural]:020d}")
    for name, descending in reversed(query.order):
        found.sort(key=lambda row: _sortable(row.get(name)), reverse=descending)
    total = len(found)
    start = query.skip if not query.skiptoken else _after(entity, query.skiptoken, found, natural)
    wanted = found[start : start + query.top]
    page = wanted[:size]
    more = len(wanted) > len(page)
    return Page(page, total, _token(entity, page[-1][natural], natural) if more else "")


def _sortable(value: object) -> tuple[bool, object]:
    return (value is not None, value if value is not None else 0)


def _token(entity: Entity, value: object, natural: str) -> str:
    if natural == "Timestamp":
        return f"{value}L"
    return f"guid'{value}'" if entity.key_is_guid else f"'{value}'"


def _after(entity: Entity, token: str, rows: Sequence[Row], natural: str) -> int:
    for index, row in enumerate(rows):
        if _token(entity, row[natural], natural) == token:
            return index + 1
    raise ApiError(400, f"The skip token '{token}' is not valid.")


class Renderer:
    """Rows as JSON objects, for one request: `root` is http://host/api/v1/<division>."""

    def __init__(self, root: str) -> None:
        self._root = root

    def entity(self, entity: Entity, row: Row, query: Query, lines: Sequence[object] = ()) -> dict[str, object]:
        """One object with __metadata; collections are deferred unless expanded (`lines`)."""
        uri = self._uri(entity, row)
        shown: dict[str, object] = {"__metadata": {"uri": uri, "type": entity.model}}
        for name in query.select if query.select is not None else entity.properties:
            if not entity.properties[name].is_collection:
                shown[name] = wire_value(entity.properties[name].type, row.get(name))
            elif name in query.expand:
                shown[name] = {"results": list(lines)}
            else:
                shown[name] = {"__deferred": {"uri": f"{uri}/{name}"}}
        return shown

    def collection(
        self, entity: Entity, page: Page, results: Sequence[object], options: Mapping[str, str], query: Query
    ) -> dict[str, object]:
        """The list envelope; a bare list where recordings of the real service have no "results"."""
        plain = query.select is None and "$top" in options
        if (plain or entity.endpoint in BARE_LISTS) and not query.count and not page.next_token:
            return {"d": list(results)}
        body: dict[str, object] = {"results": list(results)}
        if query.count:
            body["__count"] = str(page.total)
        if page.next_token:
            body["__next"] = self._next(entity, page, options, query)
        return {"d": body}

    def _next(self, entity: Entity, page: Page, options: Mapping[str, str], query: Query) -> str:
        rest = {name: value for name, value in options.items() if name not in ("$skiptoken", "$skip", "$top")}
        if query.top != NO_LIMIT:
            rest["$top"] = str(query.top - len(page.rows))
        rest["$skiptoken"] = page.next_token
        text = "&".join(f"{name}={quote(value, safe=PLAIN)}" for name, value in rest.items())
        return f"{self._root}/{entity.endpoint}?{text}"

    def _uri(self, entity: Entity, row: Row) -> str:
        key = row.get(entity.key)
        literal = f"guid'{key}'" if entity.key_is_guid else str(key)
        return f"{self._root}/{entity.endpoint}({literal})"


def wire_value(edm: str, value: object) -> object:
    """A value for JSON: dates as /Date(ms)/ of the naive local time, Double as float, Int64 as text."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return f"/Date({round((value - EPOCH).total_seconds() * 1000)})/"
    if isinstance(value, Decimal) or edm == "Double":
        return float(str(value))
    return str(value) if edm == "Int64" else value


GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MILLISECONDS = re.compile(r"/Date\((-?\d+)\)/")


def read_datetime(text: str) -> datetime:
    """ISO 8601 without a zone, or /Date(ms)/. Raises ValueError."""
    ticks = MILLISECONDS.fullmatch(text)
    if ticks:
        return datetime.fromtimestamp(int(ticks[1]) / 1000, UTC).replace(tzinfo=None)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError("A zone is not understood.")
    return moment
