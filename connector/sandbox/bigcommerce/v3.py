"""The V3 side of a fake store: hooks, transactions, refunds, customers, the catalogue. Errors are objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from connector.sandbox.bigcommerce import customer_calls
from connector.sandbox.bigcommerce.lists import BadQuery, Json, Query, moment, page_of, pagination, read
from connector.sandbox.bigcommerce.state import Account, Store
from connector.sandbox.http.messages import Incoming, Reply

DOCS = "/api-docs/getting-started/api-status-codes"
FIRST_HOOK = 28000001
MOST_PER_SCOPE = 10


def answer(
    store: Store, account: Account, request: Incoming, parts: list[str], *, stale: bool, allow_http: bool
) -> Reply:
    """Answer a call below /v3."""
    query = request.query
    try:
        match parts:
            case ["hooks", *number]:
                reply = _Hooks(store, account, allow_http).answer(request, number)
            case ["orders", number, "transactions"] if number.isdigit():
                record = store.visible(int(number), stale=stale)
                reply = _none() if record is None else _page(record.transactions, query)
            case ["orders", number, "payment_actions", "refunds"] if number.isdigit():
                reply = _page(store.refunds.get(int(number), []), query)
            case ["orders", "payment_actions", "refunds"]:
                reply = _page(_made(_wanted(_all_refunds(store), query, "order_id", int), query), query)
            case ["customers", *below]:
                reply = _customers(store, request, below)
            case ["catalog", "products"]:
                found = _wanted(list(store.products.values()), query, "id", int)
                reply = _page(_fields(found, query, "id"), query)
            case ["catalog", "trees", "categories"]:
                found = _wanted(list(store.categories.values()), query, "category_id", int)
                reply = _page(_fields(found, query, "category_id"), query)
            case _:
                reply = _none()
    except BadQuery as error:
        reply = failure(422, str(error))
    return reply


def _customers(store: Store, request: Incoming, below: list[str]) -> Reply:
    query = request.query
    match request.method, below:
        case "GET", []:
            found = customer_calls.found_customers(store, query)
            page = page_of(found, query)
            rows = customer_calls.as_answered(store, page, query)
            return Reply.json(200, {"data": rows, "meta": pagination(len(found), len(page), query)})
        case "GET", ["addresses"]:
            fields = "formfields" in query.get("include", "")
            rows = customer_calls.found_addresses(store, query)
            return _page([customer_calls.address_answered(row, fields=fields) for row in rows], query)
        case "PUT", []:
            return _updated(store, request, customer_calls.update_customers)
        case "PUT", ["addresses"]:
            return _updated(store, request, customer_calls.update_addresses)
        case "PUT", ["form-field-values"]:
            return _updated(store, request, customer_calls.update_form_fields)
    return _none()


def _updated(store: Store, request: Incoming, update: Callable[[Store, list[Any]], list[Json]]) -> Reply:
    try:
        changed = update(store, request.json_list())
    except customer_calls.TooMany:
        return failure(413, "The request payload is too large. The maximum number of items allowed is 10.")
    except customer_calls.NotValid as error:
        return failure(422, "Update failed.", error.errors)
    except ValueError:
        return failure(400, "Input is invalid.")
    fields = request.path.endswith("/addresses")
    shown = [customer_calls.address_answered(row, fields=True) for row in changed] if fields else changed
    return Reply.json(200, {"data": shown, "meta": {}})


def failure(status: int, title: str, errors: Mapping[str, str] | None = None) -> Reply:
    """An error in the form of V3."""
    body: Json = {"status": status, "title": title, "type": DOCS}
    return Reply.json(status, body if errors is None else body | {"errors": errors})


def _none() -> Reply:
    return failure(404, "The requested resource was not found.")


def _page(rows: list[Json], query: Query) -> Reply:
    page = page_of(rows, query)
    return Reply.json(200, {"data": page, "meta": pagination(len(rows), len(page), query)})


def _all_refunds(store: Store) -> list[Json]:
    return [refund for refunds in store.refunds.values() for refund in refunds]


def _made(rows: list[Json], query: Query) -> list[Json]:
    """The refunds that were made between `created:min` and `created:max`, both included (assumed)."""
    low, high = read(query, "created:min", moment), read(query, "created:max", moment)
    return [
        row
        for row in rows
        if (low is None or moment(row["created"]) >= low) and (high is None or moment(row["created"]) <= high)
    ]


def _wanted(rows: list[Json], query: Query, name: str, convert: Callable[[str], Any]) -> list[Json]:
    """The rows whose field is in `<name>:in`, a list with commas."""
    if f"{name}:in" not in query:
        return rows
    try:
        values = {convert(text) for text in query[f"{name}:in"].split(",")}
    except ValueError:
        raise BadQuery(f"{name}:in is invalid.") from None
    return [row for row in rows if row[name] in values]


def _fields(rows: list[Json], query: Query, key: str) -> list[Json]:
    """The rows with only the fields of `include_fields`, and always with the id."""
    if "include_fields" not in query:
        return rows
    names = [key, *(name for name in query["include_fields"].split(",") if name != key)]
    if any(name not in row for row in rows for name in names):
        raise BadQuery("include_fields is invalid.")
    return [{name: row[name] for name in names} for row in rows]


class _Hooks:
    """The hooks of one API account. It does not see the hooks of others."""

    def __init__(self, store: Store, account: Account, allow_http: bool) -> None:
        self.store = store
        self.account = account
        self.allow_http = allow_http
        self.own = [hook for hook in store.hooks.values() if hook["client_id"] == account.client_id]

    def answer(self, request: Incoming, number: list[str]) -> Reply:
        if not number and request.method == "GET":
            return self._list(request.query)
        if not number and request.method == "POST":
            return self._save(request, {})
        found = [hook for hook in self.own if [str(hook["id"])] == number]
        if not found:
            return failure(404, f"Webhook with id [{'/'.join(number)}] not found")
        if request.method == "PUT":
            return self._save(request, found[0])
        if request.method == "DELETE":
            del self.store.hooks[found[0]["id"]]
        return _one(found[0])

    def _list(self, query: Query) -> Reply:
        rows = self.own
        for name in ("scope", "destination"):
            rows = [hook for hook in rows if query.get(name, hook[name]) == hook[name]]
        if "is_active" in query:
            wanted = query["is_active"] in ("true", "1")
            rows = [hook for hook in rows if hook["is_active"] is wanted]
        return _page(rows, query)

    def _save(self, request: Incoming, hook: Json) -> Reply:
        """Create a hook (`hook` is empty) or change one. A PUT keeps the fields that it does not name."""
        try:
            body = request.json_object()
        except ValueError:
            return failure(400, "Input is invalid.")
        fields = {key: body[key] for key in ("scope", "destination", "is_active", "headers") if key in body}
        wanted = {"is_active": True, "headers": None} | hook | fields
        errors = self._errors(wanted) if fields or not hook else {"scope": "error.path.missing."}
        errors = errors or self._conflicts(wanted)
        if errors:
            return failure(422, "JSON data is missing or invalid", errors)
        now = int(self.store.now().timestamp())
        new = {
            "id": max(self.store.hooks, default=FIRST_HOOK - 1) + 1,
            "client_id": self.account.client_id,
            "store_hash": self.store.shop.store_hash,
            "created_at": now,
        }
        saved: Json = new | wanted | {"updated_at": now}
        self.store.hooks[saved["id"]] = saved
        return _one(saved)

    def _errors(self, hook: Json) -> dict[str, str]:
        errors = {}
        for name in ("scope", "destination"):
            if name not in hook:
                errors[name] = "error.path.missing."
            elif not isinstance(hook[name], str):
                errors[name] = "error.expected.jsstring"
        if not errors and not hook["scope"].startswith("store/"):
            errors["scope"] = "error.invalid.scope"
        if not errors and not self._allowed(hook["destination"]):
            errors["destination"] = "error.invalid.destination"
        if not isinstance(hook["is_active"], bool):
            errors["is_active"] = "error.expected.jsboolean"
        headers = {} if hook["headers"] is None else hook["headers"]
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            errors["headers"] = "error.expected.jsobject"
        return errors

    def _allowed(self, destination: str) -> bool:
        try:
            parts = urlsplit(destination)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme == "http":
            return self.allow_http and bool(parts.hostname)
        return parts.scheme == "https" and bool(parts.hostname) and port in (None, 443)

    def _conflicts(self, hook: Json) -> dict[str, str]:
        others = [other for other in self.own if other is not self.store.hooks.get(hook.get("id", 0))]
        same = [other for other in others if other["scope"] == hook["scope"]]
        if any(other["destination"] == hook["destination"] for other in same):
            return {"destination": "error.duplicate.hook"}
        return {"scope": "error.too.many.hooks"} if len(same) >= MOST_PER_SCOPE else {}


def _one(hook: Json) -> Reply:
    return Reply.json(200, {"data": hook, "meta": {}})
