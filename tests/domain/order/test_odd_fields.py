"""Any field of an order may be missing, of another type, empty, huge or negative.

The order is then invoiced, skipped, or held with a sentence that names what is wrong: never for a fault of ours.
"""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from connector.clients.bigcommerce.wire import quantities_add_up, read_order_bundle
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.document.states import BlockedReason
from connector.domain.invoice.draft import Draft
from connector.domain.order.read import UnreadableOrder, read_order
from connector.domain.rules.due import why_not_due
from connector.problems.catalogue import sentence
from tests.cases.outcome import NOW, books
from tests.cases.shop import Json, basket, fee

BOOKS = books()
MISSING = object()
ODD: list[Any] = [
    *(MISSING, None, "", "   ", [], {}, [None], ["x"], {"a": 1}, True, False),
    *(0, -1, 3, 10**15, -(10**15), "-24.2000", "1e30", "NaN", "Infinity", "12,10", "\u0661\u0662"),
    *("x" * 5000, "\x00\u202e", "0000-00-00", "Wed, 30 Nov -0001 00:00:00 +0000", "9999-12-31T23:59:59-12:00"),
    *("0001-01-01", "tomorrow", "XX", "2147483648"),
]
Path = tuple[str | int, ...]


def an_order() -> Json:
    """As BigCommerce sends it, with the list of its lines that is read when it does not add up, and its tax table."""
    order = basket(fees=[fee("1.2100")])
    (place,) = order["consignments"]["shipping"]
    table = {"line_item_type": "item", "order_product_id": 1, "rate": "21.0000", "line_amount": "8.4000", "name": "VAT"}
    return {"order": order, "products": [dict(each) for each in place["line_items"]], "taxes": [table]}


def as_read(answers: Json) -> Json:
    """The answers in one value, as the client makes it."""
    order = answers.get("order")
    if not isinstance(order, dict):
        return {"order": order}
    raw = read_order_bundle(order)
    products = answers.get("products")
    if not quantities_add_up(raw) and isinstance(products, list) and all(isinstance(row, dict) for row in products):
        raw = read_order_bundle(order, products=products)  # the addresses are not there: each line has lost its own
    return raw | {"taxes": answers.get("taxes")}


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """The place of every field of an order, objects and lists too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*at, name)
        yield from paths(each, (*at, name))


NO_ORDER = {("order",), ("order", "id")}
PATHS = list(paths(an_order()))


def mutated(raw: Json, path: Path, odd: Any) -> Json:
    raw = copy.deepcopy(raw)
    inside: Any = raw
    try:
        for name in path[:-1]:  # an earlier change may have taken it away
            inside = inside[name]
        if odd is MISSING:
            del inside[path[-1]]
        else:
            inside[path[-1]] = odd
    except (KeyError, IndexError, TypeError, AttributeError):
        pass
    return raw


def outcome(answers: Json) -> Draft | Needs | tuple[Problem, ...]:
    try:
        found = read_order(as_read(answers))
    except UnreadableOrder as error:
        return (error.problem,)
    if why := why_not_due(found, BOOKS.settings, NOW):
        return (why,)
    made = BOOKS.translate_order(found)
    return made.problems if isinstance(made, Held) else made


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(ODD)), min_size=1, max_size=3))
@example([(("order", "date_created"), "0001-01-01")])
@example([(("order", "total_inc_tax"), -1)])
@example([(("order", "billing_address"), None)])
def test_it_is_invoiced_skipped_or_held_in_words(changes: list[tuple[Path, Any]]) -> None:
    raw = an_order()
    for path, odd in changes:
        raw = mutated(raw, path, odd)
    found = outcome(raw)
    if isinstance(found, Draft | Needs):
        return
    assert found
    for each in found:
        said = sentence(each)
        if each.reason is BlockedReason.INTERNAL:  # no order at all, and the sentence names what is missing
            assert each.code is Code.ORDER_UNREADABLE
            assert NO_ORDER & {path for path, _ in changes}
            assert str(each.params["field"]) in said
