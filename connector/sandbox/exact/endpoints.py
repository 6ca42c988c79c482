"""The REST endpoints of one division: what each verb does, and what the answer contains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from connector.sandbox.exact.accounts import (
    ACCOUNTS,
    ADDRESSES,
    CONTACTS,
    create_account,
    create_address,
    create_contact,
    delete_account,
    update_account,
    update_address,
    update_contact,
)
from connector.sandbox.exact.bank import ENTRIES, create_entry
from connector.sandbox.exact.entries import SALES_ENTRIES, SALES_ENTRY_LINES, create_sales_entry
from connector.sandbox.exact.invoice_checks import ITEMS
from connector.sandbox.exact.invoices import create_invoice, delete_invoice, print_invoice, update_invoice, update_line
from connector.sandbox.exact.items import create_item, delete_item
from connector.sandbox.exact.metadata import ENTITIES, SYNC, SYNC_ACCOUNTS, Entity
from connector.sandbox.exact.odata import Query, Renderer, parse_query, select_page
from connector.sandbox.exact.state import INVOICES, LINES, Division, Row
from connector.sandbox.exact.texts import ApiError
from connector.sandbox.exact.validate import read_body
from connector.sandbox.exact.webhooks import SUBSCRIPTIONS, create_subscription
from connector.sandbox.http.messages import Incoming, Reply

TARGET = re.compile(
    r"(?P<endpoint>[A-Za-z]+(?:/[A-Za-z]+){1,2}?)"
    r"(?:\(guid'(?P<key>[0-9a-fA-F-]{36})'\))?(?:/(?P<rest>\$count|SalesInvoiceLines))?"
)
# A filter of one key or several, which needs no look through the table.
BY_KEYS = re.compile(r"(?P<name>\w+) eq guid'[0-9a-fA-F-]{36}'(?: or (?P=name) eq guid'[0-9a-fA-F-]{36}')*")
KEY = re.compile(r"guid'([0-9a-fA-F-]{36})'")
VERBS = {"GET": "G", "POST": "P", "PUT": "U", "DELETE": "D"}
CREATE: dict[str, Callable[[Division, Row], Row]] = {
    ACCOUNTS: create_account,
    ADDRESSES: create_address,
    CONTACTS: create_contact,
    INVOICES: create_invoice,
    ITEMS: create_item,
    "salesinvoice/PrintedSalesInvoices": print_invoice,
    ENTRIES: create_entry,
    SALES_ENTRIES: create_sales_entry,
    SUBSCRIPTIONS: create_subscription,
}
UPDATE: dict[str, Callable[[Division, Row, Row], None]] = {
    ACCOUNTS: update_account,
    ADDRESSES: update_address,
    CONTACTS: update_contact,
    INVOICES: update_invoice,
    LINES: update_line,
}
DELETE: dict[str, Callable[[Division, Row], None]] = {
    ACCOUNTS: delete_account,
    INVOICES: delete_invoice,
    ITEMS: delete_item,
}
MANDATORY_FILTER = {
    ACCOUNTS: "ID, Code, Name, Email, VATNumber, SearchCode, Modified",
    ITEMS: "ID, Code, Modified",
}
# Whose lines `$expand` shows inside them.
EXPANDED = {INVOICES: LINES, SALES_ENTRIES: SALES_ENTRY_LINES}
# The properties, besides the key, in the answer to a POST without "Prefer: return=representation". Others are null.
BRIEF = {INVOICES: {"Journal", "OrderDate", "OrderedBy", "InvoiceTo", "OrderNumber", "Status", "Type", "YourRef"}}


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a path below /api/v1/<division>/."""

    entity: Entity
    key: str
    rest: str


def find_target(path: str) -> Target:
    """Find the target of a path. Raises ApiError (404) when there is no such endpoint."""
    match = TARGET.fullmatch(path)
    if match is None or match["endpoint"] not in ENTITIES:
        raise ApiError(404, f"Resource not found for the segment '{path.rpartition('/')[2]}'.")
    return Target(ENTITIES[match["endpoint"]], (match["key"] or "").lower(), match["rest"] or "")


@dataclass(slots=True)
class Desk:
    """Answers one request within one division."""

    division: Division
    request: Incoming
    root: str
    ignored: list[str]
    client_id: str = ""
    # Rows that are in no table.
    virtual: Mapping[str, Iterable[Row]] = field(default_factory=dict)
    blind_seconds: float = 0.0
    # The lines of the documents of the request, when they are expanded.
    lines: dict[str, list[Row]] = field(default_factory=dict)

    def answer(self, target: Target) -> Reply:
        """Answer the request. Raises ApiError."""
        verb = VERBS.get(self.request.method, "")
        if not verb or verb not in target.entity.methods or (verb != "G" and target.rest):
            raise ApiError(405, "Method not allowed")
        if verb == "G":
            return self._get(target)
        if verb == "P":
            return self._post(target.entity)
        row = self._row(target)
        if verb == "U":
            values = read_body(self.request, target.entity, "U", self.ignored)
            UPDATE[target.entity.endpoint](self.division, row, values)
        elif delete := DELETE.get(target.entity.endpoint):
            delete(self.division, row)
        else:
            self.division.delete(target.entity.endpoint, row[target.entity.key])
        return Reply.empty(204)

    def _get(self, target: Target) -> Reply:
        if target.key and target.rest != "SalesInvoiceLines":
            row = self._row(target)
            query = parse_query(target.entity, self.request.query)
            return Reply.json(200, {"d": self._shown(target.entity, row, query)})
        if target.rest == "SalesInvoiceLines":
            parent = self._row(target)["InvoiceID"]
            rows = [row for row in self._rows(ENTITIES[LINES]) if row["InvoiceID"] == parent]
            return self._list(ENTITIES[LINES], rows)
        self._require_filter(target.entity)
        rows = list(self._asked(target.entity))
        if target.rest == "$count":
            query = parse_query(target.entity, self.request.query)
            number = sum(1 for row in rows if query.test(row))
            return Reply(200, {"Content-Type": "text/plain;charset=utf-8"}, str(number).encode())
        return self._list(target.entity, rows)

    def _list(self, entity: Entity, rows: Iterable[Row]) -> Reply:
        options = self.request.query
        query = parse_query(entity, options)
        settings = self.division.settings
        size = settings.sync_page_size if entity.endpoint in SYNC else settings.page_size
        page = select_page(entity, query, rows, size)
        results = [self._shown(entity, row, query) for row in page.rows]
        return Reply.json(200, Renderer(self.root).collection(entity, page, results, options, query))

    def _post(self, entity: Entity) -> Reply:
        values = read_body(self.request, entity, "P", self.ignored)
        if entity.endpoint == SUBSCRIPTIONS:
            values["ClientID"] = self.client_id
        row = CREATE[entity.endpoint](self.division, values)
        shown = self._shown(entity, row, parse_query(entity, {}))
        if "return=representation" not in self.request.headers.text("Prefer"):
            kept = BRIEF.get(entity.endpoint, set()) | {entity.key, "__metadata"}
            collections = {name for name, one in entity.properties.items() if one.is_collection}
            shown = {name: value if name in kept | collections else None for name, value in shown.items()}
        return Reply.json(201, {"d": shown})

    def _row(self, target: Target) -> Row:
        """The row with the key. A write sees rows that reads do not see yet. Raises ApiError (404)."""
        row = self.division.get(target.entity.endpoint, target.key)
        if row is not None and self.request.method == "GET" and row not in self._rows(target.entity):
            row = None
        if row is None:
            raise ApiError(404, f"Resource not found for the segment '{target.entity.endpoint}'.")
        return row

    def _asked(self, entity: Entity) -> Iterable[Row]:
        """The rows of a list that the filter may leave."""
        match = BY_KEYS.fullmatch(self.request.query.get("$filter", ""))
        if match is None or not entity.endpoint.startswith("crm/"):
            return self._rows(entity)
        keys = [key.lower() for key in KEY.findall(match[0])]
        if match["name"] == "Account":
            return [row for key in keys for row in self.division.of_account(entity.endpoint, key)]
        if match["name"] == entity.key and not self.blind_seconds:
            return filter(None, (self.division.get(entity.endpoint, key) for key in dict.fromkeys(keys)))
        return self._rows(entity)

    def _rows(self, entity: Entity) -> Iterable[Row]:
        if entity.endpoint in self.virtual:
            return self.virtual[entity.endpoint]
        table = ACCOUNTS if entity.endpoint == SYNC_ACCOUNTS else entity.endpoint
        rows = self.division.visible(table, self.blind_seconds)
        return (row for row in rows if row["ClientID"] == self.client_id) if table == SUBSCRIPTIONS else rows

    def _shown(self, entity: Entity, row: Row, query: Query) -> dict[str, object]:
        lines: list[object] = []
        of = EXPANDED.get(entity.endpoint, "")
        if query.expand and of:
            nested = {"$select": ",".join(query.nested)} if query.nested else {}
            below = parse_query(ENTITIES[of], nested)
            lines = [Renderer(self.root).entity(ENTITIES[of], line, below) for line in self._lines(of, row, entity)]
        return Renderer(self.root).entity(entity, row, query, lines)

    def _lines(self, of: str, row: Row, entity: Entity) -> list[Row]:
        """The lines of a document. All of the endpoint's are grouped once for a request."""
        if not self.lines:
            for line in self.division.table(of).values():
                self.lines.setdefault(str(line[entity.key]), []).append(line)
        return self.lines.get(str(row[entity.key]), [])

    def _require_filter(self, entity: Entity) -> None:
        fields = MANDATORY_FILTER.get(entity.endpoint)
        if fields and self.division.settings.mandatory_filter and not self.request.query.get("$filter"):
            raise ApiError(
                400,
                "This endpoint has mandatory filtering applied. A GET request for this endpoint must have a "
                f"$filter parameter with one of the following fields in the url: {fields}",
            )
