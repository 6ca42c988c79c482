"""A fake Exact Online: OAuth, OData, validation, VAT arithmetic, printing and limits, over HTTP on loopback.

    exact = FakeExact.seed()
    exact.start()
    refresh_token = exact.issue_refresh_token(CLIENT_ID)      # with CLIENT_SECRET

It has the faults of every fake, and three more: `read_lag` (reads do not show what a write enters for `seconds`),
`stale_read` (a read does not show what was entered in the last `seconds`), `apigee_500` (the gateway's error; not
handled).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self
from urllib.parse import unquote

from connector.sandbox.exact.accounts import ACCOUNTS, delete_account, merge_accounts, update_account
from connector.sandbox.exact.bank import ENTRIES, ENTRY_LINES
from connector.sandbox.exact.endpoints import CREATE, Desk, Target, find_target
from connector.sandbox.exact.entries import SALES_ENTRIES, SALES_ENTRY_LINES
from connector.sandbox.exact.limits import Limits
from connector.sandbox.exact.metadata import DELETED, ENTITIES
from connector.sandbox.exact.oauth import CLIENT_ID, CLIENT_SECRET, Grant, OAuth
from connector.sandbox.exact.seed import divisions, seed_division
from connector.sandbox.exact.state import INVOICES, LINES, Division, Row, Settings
from connector.sandbox.exact.stock import POSITIONS, positions
from connector.sandbox.exact.texts import ApiError
from connector.sandbox.exact.validate import read_values
from connector.sandbox.exact.views import atom, division_row, me_row, overview
from connector.sandbox.exact.webhooks import SUBSCRIPTIONS, Delivery, Outbox, Post, post
from connector.sandbox.http.server import FakeService, Fault, Incoming, Reply

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "FakeExact"]

API = re.compile(r"/api/v1/(?:(?P<me>current/Me)|(?P<division>\d+)/(?P<path>.+))")
SCOPE_TEXT = "Forbidden - Application Scope Violated. Cannot read 'organization.administration' scope."
SERVER_TEXT = "A problem has occurred. The cause of this issue will be investigated as soon as possible."
GATEWAY = {
    "fault": {
        "faultstring": "Failed to execute the ExtractVariables: ExtractAccessToken",
        "detail": {"errorcode": "steps.extractvariables.ExecutionFailed"},
    }
}


class FakeExact(FakeService):
    """State in memory: `divisions` by code, `settings`, `oauth`, `ignored` (read-only properties that were sent)."""

    own_faults = ("read_lag", "stale_read", "apigee_500")

    def __init__(self, port: int = 0) -> None:
        super().__init__("exact", port)
        self.settings = Settings()
        self.oauth = OAuth(self.settings, self.now)
        self.limits = Limits(self.settings)
        self.divisions: dict[int, Division] = {}
        self.ignored: list[str] = []
        self.outbox = Outbox()
        self._blind_seconds = 0.0

    @classmethod
    def seed(cls, port: int = 0) -> Self:
        """A fake with three divisions, 100001 (NL), 200002 (FR) and 300003 (LU). They are always the same."""
        exact = cls(port)
        for code, name, country in divisions():
            exact.add_division(code, name, country)
        return exact

    # For tests and the demo

    def set(self, **changes: object) -> None:
        """Change settings by name. Raises AttributeError for an unknown one."""
        with self.lock:
            for name, value in changes.items():
                if not hasattr(self.settings, name):
                    raise AttributeError(f"There is no setting {name}.")
                setattr(self.settings, name, value)

    def add_division(self, code: int, name: str, country: str) -> Division:
        """Add a division with the master data of its country."""
        division = Division(code, name, country, self.settings, self.now)
        seed_division(division)
        self.divisions[code] = division
        return division

    def issue_refresh_token(self, client_id: str = CLIENT_ID, divisions: frozenset[int] | None = None) -> str:
        """Issue the refresh token of an earlier consent, with an expired access token. `divisions` None: all."""
        with self.lock:
            return self.oauth.issue(client_id, divisions).refresh_token

    def revoke(self) -> None:
        """Withdraw the app, as its user can: no token is valid any more."""
        with self.lock:
            for grant in self.oauth.grants.values():
                grant.revoked = True

    def expire_refresh_token(self) -> None:
        """Make every refresh token older than its 30 days."""
        with self.lock:
            for grant in self.oauth.grants.values():
                grant.expired = True

    def create(self, division: int, endpoint: str, **body: object) -> Row:
        """Enter a record as a person does in Exact: validated, without the API. Raises ApiError."""
        with self.lock:
            values = read_values(body, ENTITIES[endpoint], "P", [])
            row = CREATE[endpoint](self.divisions[division], values)
            self._tell(self.divisions[division])
            return row

    def add_account(self, division: int, **fields: object) -> str:
        """Add a customer (Status C by default) and return its ID. Raises ApiError."""
        return str(self.create(division, ACCOUNTS, **{"Status": "C", **fields})["ID"])

    def edit(self, division: int, account_id: str, **fields: object) -> None:
        """Change an account as a person does in Exact: validated, and reported to subscribers. Raises ApiError."""
        with self.lock:
            office = self.divisions[division]
            update_account(office, office.table(ACCOUNTS)[account_id], read_values(fields, ENTITIES[ACCOUNTS], "U", []))
            self._tell(self.divisions[division])

    def delete_account(self, division: int, account_id: str) -> None:
        """Delete an account that has no documents, as a person does in Exact. Raises ApiError."""
        with self.lock:
            office = self.divisions[division]
            delete_account(office, office.table(ACCOUNTS)[account_id])
            self._tell(self.divisions[division])

    def merge(self, division: int, gone: str, into: str) -> None:
        """Merge an account into another one, as a person does in Exact."""
        with self.lock:
            office = self.divisions[division]
            merge_accounts(office, office.table(ACCOUNTS)[gone], office.table(ACCOUNTS)[into])
            self._tell(self.divisions[division])

    def deliver(self, send: Post | None = None) -> list[int]:
        """Send the deliveries that wait, one after the other, and return the answers. `send` replaces the network."""
        answers = []
        while (delivery := self._next()) is not None:
            status = (send or self._send)(delivery.url, delivery.body)
            with self.lock:
                self.outbox.note(self.divisions[delivery.division], delivery, status)
            answers.append(status)
        return answers

    def set_rate(self, currency: str, day: date, rate: Decimal | None) -> None:
        """Set the home currency per unit on one day; None for no rate on that day."""
        with self.lock:
            self.settings.daily_rates[currency, day] = rate

    def change(self, division: int, endpoint: str, key: str, **fields: object) -> None:
        """Change a row without the API and without validation (Double is Decimal)."""
        with self.lock:
            row = self.divisions[division].table(endpoint)[key]
            row.update(fields)
            self.divisions[division].touch(row)
            if endpoint == ACCOUNTS:
                self.divisions[division].note_account(row)
            self._tell(self.divisions[division])

    def remove(self, division: int, endpoint: str, key: str) -> Row:
        """Delete a row without the API, and return it."""
        with self.lock:
            row = self.divisions[division].delete(endpoint, key)
            if endpoint == ACCOUNTS:
                self.divisions[division].note_account(row, "Delete")
            self._tell(self.divisions[division])
            return row

    def put_back(self, division: int, endpoint: str, key: str, row: Row) -> None:
        """Undo `remove`."""
        with self.lock:
            self.divisions[division].table(endpoint)[key] = row
            gone = self.divisions[division].table(DELETED)
            for one in [one for one, named in gone.items() if named["EntityKey"] == key]:
                del gone[one]

    def id_of(self, division: int, endpoint: str, code: str) -> str:
        """The ID for a code. Raises KeyError."""
        row = self.divisions[division].by_code(endpoint, code)
        if row is None:
            raise KeyError(code)
        return str(row["ID"])

    def accounts(self, division: int) -> list[Row]:
        """Copies of the accounts."""
        with self.lock:
            return [dict(row) for row in self.divisions[division].table(ACCOUNTS).values()]

    def invoices(self, division: int) -> list[Row]:
        """Copies of the invoices, each with its SalesInvoiceLines; amounts are Decimal."""
        with self.lock:
            return _with_lines(self.divisions[division], INVOICES, "SalesInvoiceLines", LINES, key="InvoiceID")

    def receipts(self, division: int) -> list[Row]:
        """Copies of the bank entries, each with its BankEntryLines; amounts are Decimal."""
        with self.lock:
            return _with_lines(self.divisions[division], ENTRIES, "BankEntryLines", ENTRY_LINES)

    def entries(self, division: int) -> list[Row]:
        """Copies of the sales entries, each with its SalesEntryLines; amounts are Decimal."""
        with self.lock:
            return _with_lines(self.divisions[division], SALES_ENTRIES, "SalesEntryLines", SALES_ENTRY_LINES)

    # HTTP

    def handle(self, request: Incoming) -> Reply:
        path = unquote(request.path)
        if path == "/api/oauth2/auth" and request.method == "GET":
            return self.oauth.authorize(request)
        if path == "/api/oauth2/token" and request.method == "POST":
            return self.oauth.token(request)
        match = API.fullmatch(path)
        if match is None:
            return Reply.html(404, "<p>Not found.</p>")
        endpoint = (match["me"] or match["path"]).partition("(")[0]
        key = (self.oauth.client_of(request), int(match["division"] or 0))
        reply = self.limits.refuse(key, self.now()) or self._admitted(request, match)
        self.limits.note_error(key, endpoint, reply.status, self.now())
        if reply.status < 400:
            reply.headers.update(self.limits.headers(key, self.now()))
        accepts = request.headers.text("Accept")
        return reply if "application/json" in accepts or not reply.body else atom(reply)

    def _admitted(self, request: Incoming, match: re.Match[str]) -> Reply:
        grant = self.oauth.authenticate(request)
        if grant is None:
            return self.unauthorized()
        try:
            target = find_target(match["me"] or match["path"])
            division = self._division(match["division"], grant, target)
            if division is None:
                return self.forbidden("NoDivisionAccess")
            root = f"http://{request.headers.text('Host')}/api/v1/{match['division'] or ''}".rstrip("/")
            virtual = {
                "current/Me": [me_row(division, self.now())],
                "system/Divisions": [division_row(one) for one in self._granted(grant)],
                POSITIONS: positions(division) if target.entity.endpoint == POSITIONS else [],
            }
            desk = Desk(division, request, root, self.ignored, grant.client_id, virtual, self._blind_seconds)
            reply = desk.answer(target)
        except ApiError as error:
            return Reply.json(error.status, error.body(self.settings.language))
        if request.method != "GET":
            self._greet(division, target)
            self._tell(division)
        return reply

    # Webhooks

    def _greet(self, division: Division, target: Target) -> None:
        """After a subscription was made, send the empty body to its address."""
        if target.entity.endpoint == SUBSCRIPTIONS and not target.key:
            self.outbox.put(division, [*division.table(SUBSCRIPTIONS).values()][-1], b"")

    def _tell(self, division: Division) -> None:
        """Make the deliveries of what changed, and send them."""
        self.outbox.take_in(division, self.url, self.settings.webhook_key)
        self.outbox.begin(self.deliver)

    def _next(self) -> Delivery | None:
        with self.lock:
            return self.outbox.next()

    def _send(self, url: str, body: bytes) -> int:
        return post(url, body, self.outbox.public_url)

    def _granted(self, grant: Grant) -> list[Division]:
        return [one for one in self.divisions.values() if grant.divisions is None or one.code in grant.divisions]

    def _division(self, code: str | None, grant: Grant, target: Target) -> Division | None:
        """The division of the URL if the grant includes it. Me and Divisions ignore the number."""
        if target.entity.endpoint in ("current/Me", "system/Divisions"):
            return next(iter(self.divisions.values()), None)
        return next((one for one in self._granted(grant) if str(one.code) == code), None)

    # Faults and control

    def own_fault(self, fault: Fault, request: Incoming) -> Reply:
        if fault.kind == "apigee_500":
            return Reply.json(500, GATEWAY)
        if fault.kind == "stale_read":
            self._blind_seconds = fault.seconds
            try:
                return self.process(request)
            finally:
                self._blind_seconds = 0.0
        known = {one: _documents(division) for one, division in self.divisions.items()}
        reply = self.process(request)
        for code, division in self.divisions.items():
            for key in _documents(division) - known[code]:
                division.hide(key, self.now() + timedelta(seconds=fault.seconds))
        return reply

    def server_error(self) -> Reply:
        return Reply.json(500, ApiError(500, SERVER_TEXT).body("en"))

    def refused(self, status: int, text: str) -> Reply:
        return Reply.json(status, ApiError(status, text).body("en"))

    def unauthorized(self) -> Reply:
        return Reply.empty(401, {"WWW-Authenticate": 'Bearer realm="exact"'})

    def forbidden(self, reason: str) -> Reply:
        """403 with the header Reason. The reason "scope" is for an app without the scope."""
        if reason == "scope":
            return Reply.json(403, ApiError(403, SCOPE_TEXT).body("en"))
        return Reply.json(403, ApiError(403, f"Forbidden - {reason}").body("en"), {"Reason": reason})

    def rate_limited(self, window: str) -> Reply:
        return self.limits.refusal(window, self.now())

    def state(self) -> dict[str, Any]:
        return overview(self.divisions.values())

    def control(self, request: Incoming) -> Reply:
        """POST /_sandbox/advance {"seconds"}, POST /_sandbox/refresh-token, and POST /_sandbox/account {"division",
        "id", "fields"}, which changes an account as a person does; without an id it adds one, and without fields it
        deletes one."""
        if (request.method, request.path) == ("POST", "/_sandbox/advance"):
            self.advance(float(request.json_object()["seconds"]))
            return Reply.empty(204)
        if (request.method, request.path) == ("POST", "/_sandbox/refresh-token"):
            pair = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
            return Reply.json(201, {**pair, "refresh_token": self.issue_refresh_token()})
        if (request.method, request.path) == ("POST", "/_sandbox/account"):
            return self._account(request.json_object())
        return super().control(request)

    def _account(self, asked: dict[str, Any]) -> Reply:
        division, key, fields = int(asked["division"]), asked.get("id"), asked.get("fields")
        try:
            if key is None:
                return Reply.json(201, {"id": self.add_account(division, **(fields or {}))})
            if fields is None:
                self.delete_account(division, key)
            else:
                self.edit(division, key, **fields)
        except ApiError as error:
            return Reply.json(error.status, error.body(self.settings.language))
        return Reply.empty(204)


def _documents(division: Division) -> set[str]:
    return {*division.table(INVOICES), *division.table(SALES_ENTRIES)}


def _with_lines(
    division: Division, endpoint: str, name: str, lines_endpoint: str, *, key: str = "EntryID"
) -> list[Row]:
    lines: dict[str, list[Row]] = {}
    for line in division.table(lines_endpoint).values():
        lines.setdefault(line[key], []).append(dict(line))
    return [{**row, name: lines.get(row[key], [])} for row in division.table(endpoint).values()]
