"""Whatever a vendor answers, a client returns a value or raises one of its own errors. Nothing else, and at once."""

import copy
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from connector.clients.bigcommerce import webhook
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.bigcommerce.period import orders_page, refunds_page
from connector.clients.calls import always_open
from connector.clients.errors import ClientError, UnexpectedResponse
from connector.clients.exact import latest, master, oauth, period
from connector.clients.exact.bodies import AccountIn, AddressIn
from connector.clients.exact.client import ExactClient
from connector.clients.rows import OddRow
from connector.clients.transport import Call, Request, Response, Transport
from connector.domain.order.read import UnreadableOrder, read_order
from tests.clients.exact.test_client import ID, INVOICE, ROOT, Tokens
from tests.clients.scripted import SAMPLES, SENT_AT

Json = Any
Spot = tuple[Json, tuple[str | int, ...]]
ANSWERS = int(os.environ.get("GENERATED_ANSWERS", "300"))
SOME = settings(max_examples=ANSWERS, deadline=None, derandomize="GENERATED_ANSWERS" not in os.environ, database=None)
FEW = settings(SOME, max_examples=ANSWERS // 4)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = (
    *(
        "d",
        "results",
        "__next",
        "error",
        "message",
        "value",
        "ID",
        "Code",
        "Division",
        "Timestamp",
        "SalesInvoiceLines",
    ),
    *("data", "meta", "pagination", "total_pages", "id", "time", "errors", "title", "date_modified", "consignments"),
    *("shipping", "line_items", "quantity", "fees", "headers", "timezone", "access_token", "refresh_token", "scope"),
)
# Numbers are written as they stand here: no parser of ours makes them.
NUMBERS = ("0", "-1", "1.5", "1e999999999", "1e-999999999", "0e99999999", "9" * 101, "1e308", "1.2345678901234567E-05")
TEXTS = ("", "1", "2.0000", "1e999999999", "NaN", "sNaN", "-Infinity", "\0", "\ud800", "/Date(999999999999999)/", ROOT)
COSTLY = {
    "330 levels": "[" * 330 + "]" * 330,
    "levels without end": "[" * 10_000,
    "objects": '{"a":' * 330 + "0" + "}" * 330,
    "a gigabyte": "1e999999999",
    "a gigabyte of noughts": "1e-999999999",
    "digits": "9" * 101,
    "decimals": "0." + "1" * 101,
    "values": "[" + "0," * 1_000_000 + "0]",
}
JSON = CaseInsensitiveDict({"Content-Type": "application/json"})


class Written(str):
    """JSON as it is sent."""


def rendered(value: Json) -> str:
    """The JSON text of a value, with `Written` parts as they are."""
    if isinstance(value, Written):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{rendered(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(rendered, value)) + "]"
    return json.dumps(value)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from(NUMBERS).map(Written),
    st.sampled_from(TEXTS),
    st.sampled_from(["[" * 330 + "]" * 330, "[" * 10_000]).map(Written),
    st.text(max_size=5),
    st.datetimes().map(str),
)
ANY = st.recursive(
    SCALARS,
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(NAMES), inside, max_size=4)),
    max_leaves=8,
)


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from places(each, (*path, key))


def put(value: Json, path: tuple[str | int, ...], new: Json) -> Json:
    """The value with another one at a path."""
    if not path:
        return new
    whole = copy.deepcopy(value)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return whole


def spots(names: Iterable[str]) -> list[Spot]:
    """Each place in some answers of a vendor."""
    answers = [json.loads((SAMPLES / name).read_text()) for name in names]
    return [(answer, path) for answer in answers for path in places(answer)]


def like(folder: str) -> st.SearchStrategy[Json]:
    """A real answer of a vendor in which one value is anything."""
    names = sorted(f"{folder}/{each.name}" for each in (SAMPLES / folder).glob("*.json"))
    return st.builds(lambda spot, new: put(spot[0], spot[1], new), st.sampled_from(spots(names)), ANY)


def responses(folder: str) -> st.SearchStrategy[Response]:
    """Any answer with any status, most of them a success with JSON."""
    statuses = st.sampled_from([200] * 6 + [201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503])
    kinds = st.sampled_from(["application/json"] * 6 + ["text/html", "", "application/problem+json; charset=x"])
    headers = st.dictionaries(
        st.sampled_from(["Date", "X-RateLimit-Reset", "X-RateLimit-Minutely-Reset", "X-Retry-After", "Reason"]),
        st.sampled_from(["", "x", "9" * 14, "9" * 15, "Mon, 01 Jan 0001 00:00:00 +2359", "Sat, 99 Foo 1 99:99"]),
    )
    bodies = st.one_of(like(folder).map(rendered).map(str.encode), ANY.map(rendered).map(str.encode), st.binary())
    return st.builds(
        lambda status, kind, more, body: Response(
            status, CaseInsensitiveDict({"Content-Type": kind, **more}), body, SENT_AT
        ),
        statuses,
        kinds,
        headers,
        bodies,
    )


class Always(Transport):
    """Gives one answer to every request."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: Request, *, deadline: float) -> Response:
        return self._answer


def no_call(call: Call) -> None:
    """Keep nothing of a call."""


def no_odd(row: OddRow) -> None:
    """Say what is odd, as a person would read it."""
    str(row)


def store(answer: Response) -> BigCommerceClient:
    return BigCommerceClient(
        Always(answer),
        base_url="https://api.bigcommerce.com",
        store_hash="abc123",
        access_token="token-abcdef",
        on_call=no_call,
        gate=always_open,
    )


def division(answer: Response) -> ExactClient:
    return ExactClient(
        Always(answer),
        base_url="https://start.exactonline.nl",
        division=123456,
        tokens=Tokens(),
        on_call=no_call,
        gate=always_open,
    )


def master_data(kind: str, client: ExactClient) -> object:
    return list(client.master_data(kind, no_odd))


ORDERS = spots(["bigcommerce/order_in_one_call.json", "bigcommerce/order_to_every_kind_of_destination.json"])
BIGCOMMERCE: Final[Mapping[str, Callable[[BigCommerceClient], object]]] = {
    "order": lambda client: client.order(1042),
    "orders_placed": lambda client: [client.completed(row) for row in client.orders_placed(NOW, 1, no_odd)],
    "count_placed": lambda client: client.count_placed(NOW),
    "orders_changed": lambda client: list(client.orders_changed(NOW)),
    "orders_page": lambda client: orders_page(client, NOW, NOW, 0, no_odd),
    "refunds_page": lambda client: refunds_page(client, NOW, NOW, 1, no_odd),
    "taxes": lambda client: client.taxes(1),
    "coupons": lambda client: client.coupons(1),
    "transactions": lambda client: client.transactions(1),
    "refunds": lambda client: client.refunds(1),
    "customer_group": lambda client: client.customer_group(1, no_odd),
    "group_names": lambda client: client.group_names(no_odd),
    "product_categories": lambda client: client.product_categories([1, 77], no_odd),
    "category_names": lambda client: client.category_names([1, 18], no_odd),
    "store": lambda client: client.store(),
    "time": lambda client: client.time(),
    "hooks": lambda client: client.hooks(no_odd),
    "create_hook": lambda client: client.create_hook("store/order/created", "https://shop.example", {"X": "secret"}),
    "update_hook": lambda client: client.update_hook(1, is_active=True),
    "delete_hook": lambda client: client.delete_hook(1),
}
EXACT: Final[Mapping[str, Callable[[ExactClient], object]]] = {
    "me": lambda client: client.me(),
    "divisions": lambda client: client.divisions(no_odd),
    **{f"master {kind}": partial(master_data, kind) for kind in master.KINDS},
    "accounts_since": lambda client: list(client.accounts_since(0, no_odd)),
    "accounts_by_search_code": lambda client: client.accounts_by_search_code("SHOP-1"),
    "has_account": lambda client: client.has_account(ID),
    "create_account": lambda client: client.create_account(AccountIn(name="Jan", search_code="SHOP-1")),
    "give_vat_number": lambda client: client.give_vat_number(ID, "NL1"),
    "create_address": lambda client: client.create_address(AddressIn(account=ID, city="B")),
    "find_invoices": lambda client: client.find_invoices("SHOP-1042", 8020),
    "create_invoice": lambda client: client.create_invoice(INVOICE),
    "print_invoice": lambda client: client.print_invoice(ID, layout_id=None, invoice_date=date(2026, 3, 2)),
    "read_invoice": lambda client: client.read_invoice(ID),
    "invoice_lines": lambda client: client.invoice_lines(ID),
    "read_entry": lambda client: client.read_entry(ID),
    "entry_lines": lambda client: client.entry_lines(ID),
    "find_entries": lambda client: client.find_entries("SHOP-1042", 20),
    "entries_numbered": lambda client: client.entries_numbered(1),
    "correct_line": lambda client: client.correct_line(ID, vat_amount=Decimal(1)),
    "describe_invoice": lambda client: client.describe_invoice(ID, "x"),
    "invoices_numbered": lambda client: client.invoices_numbered(1),
    "delete_invoice": lambda client: client.delete_invoice(ID),
    "find_bank_lines": lambda client: client.find_bank_lines("20", "SHOP-1042"),
    "newest_invoices": latest.newest_invoices,
    "newest_entries": latest.newest_entries,
    "invoice_numbers": lambda client: client.invoice_numbers([ID]),
    "page_of": lambda client: period.page_of(client, period.SALES_INVOICES, "", "", no_odd),
    "with_ids": lambda client: period.with_ids(client, period.SALES_ENTRIES, [ID]),
    "entries_changed": lambda client: period.entries_changed(client, NOW, "SHOP-"),
}


def said(act: Callable[[], object], *ours: type[Exception]) -> str:
    """What an error of ours says; "" where a value came back. Any other error goes on."""
    try:
        act()
    except ours as error:
        return str(error)
    return ""


@SOME
@given(method=st.sampled_from(sorted(BIGCOMMERCE)), answer=responses("bigcommerce"))
def test_any_answer_of_a_store_is_a_value_or_an_error_of_ours(method: str, answer: Response) -> None:
    assert len(said(lambda: BIGCOMMERCE[method](store(answer)), ClientError)) < 2000


@SOME
@given(spot=st.sampled_from(ORDERS), new=ANY)
def test_any_order_that_a_client_gives_is_read_or_its_odd_field_is_named(spot: Spot, new: Json) -> None:
    answer = Response(200, JSON, rendered(put(*spot, new)).encode(), SENT_AT)
    said(lambda: read_order(store(answer).order(1042)), ClientError, UnreadableOrder)


@SOME
@given(method=st.sampled_from(sorted(EXACT)), answer=responses("exact"))
def test_any_answer_of_exact_is_a_value_or_an_error_of_ours(method: str, answer: Response) -> None:
    assert len(said(lambda: EXACT[method](division(answer)), ClientError)) < 2000


@FEW
@given(answer=responses("exact"))
def test_any_answer_to_a_refresh_is_a_pair_or_an_error_of_ours(answer: Response) -> None:
    refresh = partial(oauth.refresh, client_id="id", client_secret="secret", refresh_token="token", on_call=no_call)
    assert len(said(lambda: refresh(Always(answer), "https://start.exactonline.nl"), ClientError)) < 2000


@FEW
@given(body=st.one_of(like("bigcommerce"), ANY).map(rendered).map(str.encode))
def test_any_body_of_a_delivery_is_an_event_or_a_bad_shape(body: bytes) -> None:
    assert len(said(lambda: webhook.read_event(body), webhook.BadShape)) < 200


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY)
def test_an_answer_that_is_made_to_cost_much_is_unexpected(body: str) -> None:
    """Wherever it stands: a field that nobody reads costs as much."""
    order = json.loads((SAMPLES / "bigcommerce/order_in_one_call.json").read_text())
    for whole in (Written(body), {**order, "staff_notes": Written(body)}):
        answer = Response(200, JSON, rendered(whole).encode(), SENT_AT)
        with pytest.raises(UnexpectedResponse):
            store(answer).order(1042)
