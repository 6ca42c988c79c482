"""Any chain of goodwill, returns, shipping refunds and double submits after one invoice.

The credits never exceed the invoice, in all and per VAT rate; no line comes back beyond its quantity; and a return is
credited exactly when each of its VAT rates has so much left, whatever goodwill came before. One that is not is held at
once, with what is left at which rate.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import PostingSettings
from connector.domain.credit.credit_note import EarlierCredit, Invoiced, NotToBeCredited, credit
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.invoice.draft import Draft
from connector.domain.money import round_half_up, total
from connector.domain.order.model import LineKind, Order, OrderLine
from connector.domain.order.refund import Refund
from connector.problems.catalogue import sentence
from tests.cases.outcome import books, invoice, item
from tests.cases.shop import Json, line, order
from tests.domain.credit.test_properties import heading, refund_of
from tests.domain.test_properties import SOME

RATES = ("21", "9", "0")
FREE = {"when": {"country": ["NL"], "rate": "0"}, "code": "0"}
PRICES = ("24.20", "10.90", "3.33", "0.99", "119.99")
SHIPPING = D("6.05")
# Where Exact rounds once per code, the VAT of a part cannot always be had.
OF_CENTS = {Code.CREDIT_VAT_BY_HAND}


@dataclass(frozen=True)
class Step:
    """One refund of a chain: `kind`, the first of the `lines` that it names, its pieces, or its amount in cents."""

    kind: str
    line: int
    lines: int
    pieces: int
    cents: int


@st.composite
def baskets(draw: st.DrawFn) -> Json:
    """One to four lines at three rates, in prices with VAT or without; shipping is at 21 %."""
    inclusive = draw(st.booleans())
    lines = [
        line(
            draw(st.sampled_from(PRICES)),
            vat=draw(st.sampled_from(RATES)),
            quantity=draw(st.integers(1, 4)),
            inclusive=inclusive,
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return order(*lines, shipping=str(SHIPPING), inclusive=inclusive)


STEPS = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(["goodwill", "return", "return", "shipping", "again"]),
        line=st.integers(0, 3),
        lines=st.integers(1, 2),
        pieces=st.integers(1, 4),
        cents=st.integers(1, 3000),
    ),
    min_size=1,
    max_size=8,
)


def refund_for(step: Step, number: int, order_: Order, returned: Counter[str], last: list[Json]) -> Refund:
    """What the shop makes of a step; `again` is the refund before once more, under another number.

    `last` becomes its items.
    """
    goods = [each for each in order_.lines if each.key.startswith("product")]
    named = {each.key: each for each in (goods + goods)[step.line % len(goods) :][: step.lines]}
    items: dict[str, list[Json]] = {
        "goodwill": [item("ORDER", 1001, amount=str(D(step.cents) / 100))],
        "return": [
            item("PRODUCT", int(each.key.split(":")[1]), quantity=min(step.pieces, int(each.quantity)))
            for each in named.values()
        ],
        "shipping": [item("SHIPPING", 51, amount=str(_shipping(order_).gross))],
        "again": list(last),
    }
    last[:] = items[step.kind] or items["return"]
    return refund_of(number, total(_worth(each, order_, returned) for each in last), last, 2)


def _shipping(order_: Order) -> OrderLine:
    return next(each for each in order_.lines if each.key.startswith("shipping"))


def _worth(row: Json, order_: Order, returned: Counter[str]) -> D:
    """What the shop gives back for an item: all refunds of a line together are its price."""
    if row["requested_amount"]:
        return D(row["requested_amount"])
    whole = next(each for each in order_.lines if each.key == f"product:{row['item_id']}")
    before, after = returned[whole.key], returned[whole.key] + row["quantity"]
    first, then = (round_half_up(whole.gross * pieces / whole.quantity, 2) for pieces in (before, after))
    return then - first


def rest_by_rate(invoiced: Invoiced) -> dict[D, D]:
    """What is left of the supplies; a line of rounding is none."""
    found: dict[D, D] = defaultdict(D)
    for each in (sold for sold in invoiced.draft.lines if sold.kind is not LineKind.ROUNDING):
        found[each.vat_percentage] += invoiced.left(each).gross
    return found


def has_room(refund: Refund, invoiced: Invoiced, returned: Counter[str]) -> bool:
    """Whether the pieces are still there and their VAT rates have so much left."""
    rates = {each.key: each.vat_percentage for each in invoiced.draft.lines}
    needed: dict[D, D] = defaultdict(D)
    for each in refund.items:
        whole = next(line for line in invoiced.order.lines if line.key == f"product:{each.id}")
        if returned[whole.key] + each.quantity > whole.quantity:
            return False
        row = {"requested_amount": None, "item_id": each.id, "quantity": int(each.quantity)}
        needed[rates[whole.key]] += _worth(row, invoiced.order, returned)
    return all(rest_by_rate(invoiced)[rate] >= amount for rate, amount in needed.items())


def outcome(invoiced: Invoiced, refund: Refund, terms: PostingSettings) -> Draft | Problem:
    try:
        return credit(invoiced, refund, terms, heading(refund.id))
    except NotToBeCredited as why:
        return why.problem


@SOME
@given(baskets(), STEPS, st.booleans(), st.sampled_from(["line", "line", "code"]))
def test_credits_stay_within_the_invoice_and_a_return_with_room_is_credited(
    raw: Json, steps: list[Step], force_vat: bool, vat_rounding: Any
) -> None:
    using = books(
        vat=[FREE], force_vat=force_vat, vat_rounding=vat_rounding, rounding_limit="0.05", rounding_gl_account="4900"
    )
    found = invoice(raw, using)
    sold, order_, terms = found.draft, found.order, using.settings
    if sold is None:
        return  # the shop's amounts without VAT need not add up to the cent
    earlier: list[EarlierCredit] = []
    returned: Counter[str] = Counter()
    last: list[Json] = []
    for number, step in enumerate(steps, 1):
        refund = refund_for(step, number, order_, returned, last)
        invoiced = Invoiced(sold, order_, tuple(earlier))
        is_return = last[0]["item_type"] == "PRODUCT"
        room = is_return and has_room(refund, invoiced, returned)
        note = outcome(invoiced, refund, terms)
        if isinstance(note, Problem):
            assert not room or (vat_rounding == "code" and note.code in OF_CENTS), sentence(note)
            assert_says_what_is_left(note, invoiced)
            continue
        assert not is_return or room
        if is_return:
            returned.update({f"product:{each['item_id']}": each["quantity"] for each in last})
        earlier.append(EarlierCredit(refund, note, note.gross))
        after = Invoiced(sold, order_, tuple(earlier))
        assert after.rest >= 0
        assert min(rest_by_rate(after).values()) >= 0
        assert sum(1 for each in earlier if each.refund and each.refund.items[0].of == "SHIPPING") <= 1


def assert_says_what_is_left(problem: Problem, invoiced: Invoiced) -> None:
    if problem.code is not Code.REFUND_OF_MORE_THAN_RATE:
        return
    rate, rest = D(problem.params["rate"]), D(problem.params["rest"])
    assert D(problem.params["amount"]) > rest == rest_by_rate(invoiced)[rate]
    assert f"only {rest} remains at that rate" in sentence(problem)
    assert f"at {problem.params['rate']} % VAT" in sentence(problem)
