"""Any chain of goodwill, returns, shipping refunds and double submits after one invoice.

The credits never exceed the invoice, in all and per VAT rate; no line comes back beyond its quantity; and a return for
which its VAT rates have room is credited, whatever goodwill came before.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import PostingSettings
from connector.domain.credit.credit_note import EarlierCredit, Invoiced, NotToBeCredited, credit
from connector.domain.invoice.draft import Draft
from connector.domain.money import total
from connector.domain.order.refund import Refund
from tests.cases.outcome import books, invoice, item
from tests.cases.shop import Json, line, order
from tests.domain.credit.test_properties import heading, refund_of
from tests.domain.test_properties import SOME

RATES = ("21", "9")
PRICES = ("24.20", "10.90", "3.33", "0.99", "119.99")
SHIPPING = D("6.05")


@dataclass(frozen=True)
class Step:
    """One refund of a chain: `kind`, the line that it names, its pieces, or its amount in cents."""

    kind: str
    line: int
    pieces: int
    cents: int


@st.composite
def baskets(draw: st.DrawFn) -> Json:
    """One to four lines at two rates; shipping is at 21 %."""
    lines = [
        line(draw(st.sampled_from(PRICES)), vat=draw(st.sampled_from(RATES)), quantity=draw(st.integers(1, 4)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    return order(*lines, shipping=str(SHIPPING))


STEPS = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(["goodwill", "return", "return", "shipping", "again"]),
        line=st.integers(0, 3),
        pieces=st.integers(1, 4),
        cents=st.integers(1, 3000),
    ),
    min_size=1,
    max_size=8,
)


def refund_for(step: Step, number: int, sold: Draft, last: list[Json]) -> tuple[Refund, list[Json]]:
    """What the shop makes of a step; `again` is the refund before once more, under another number."""
    goods = [each for each in sold.lines if each.key.startswith("product")]
    whole = goods[step.line % len(goods)]
    pieces = min(step.pieces, int(whole.quantity))
    items: dict[str, list[Any]] = {
        "goodwill": [item("ORDER", 1001, amount=str(D(step.cents) / 100))],
        "return": [item("PRODUCT", int(whole.key.split(":")[1]), quantity=pieces)],
        "shipping": [item("SHIPPING", 51, amount=str(SHIPPING))],
        "again": last,
    }
    chosen = items[step.kind] or items["return"]
    amount = total(_worth(each, sold) for each in chosen)
    return refund_of(number, amount, chosen, 2), chosen


def _worth(row: Json, sold: Draft) -> D:
    if row["requested_amount"]:
        return D(row["requested_amount"])
    whole = next(each for each in sold.lines if each.key == f"product:{row['item_id']}")
    return whole.gross / whole.quantity * D(row["quantity"])


def rest_by_rate(invoiced: Invoiced) -> dict[D, D]:
    found: dict[D, D] = defaultdict(D)
    for each in invoiced.draft.lines:
        found[each.vat_percentage] += invoiced.left(each).gross
    return found


def has_room(refund: Refund, invoiced: Invoiced, before: Counter[str]) -> bool:
    """Whether the pieces are still there and their VAT rate has so much left."""
    (named,) = refund.items
    whole = next(each for each in invoiced.draft.lines if each.key == f"product:{named.id}")
    return (
        before[whole.key] + named.quantity <= whole.quantity
        and rest_by_rate(invoiced)[whole.vat_percentage] >= refund.total
    )


def credited(invoiced: Invoiced, refund: Refund, terms: PostingSettings) -> Draft | None:
    """The credit note; None when it is held."""
    try:
        return credit(invoiced, refund, terms, heading(refund.id))
    except NotToBeCredited:
        return None


@SOME
@given(baskets(), STEPS, st.booleans())
def test_credits_stay_within_the_invoice_and_a_return_with_room_is_credited(
    raw: Json, steps: list[Step], force_vat: bool
) -> None:
    using = books()
    sold = invoice(raw, using).draft
    assert sold
    terms: PostingSettings = replace(using.settings, force_vat=force_vat)
    order_ = invoice(raw, using).order
    earlier: list[EarlierCredit] = []
    returned: Counter[str] = Counter()
    last: list[Json] = []
    for number, step in enumerate(steps, 1):
        refund, last = refund_for(step, number, sold, last)
        invoiced = Invoiced(sold, order_, tuple(earlier))
        is_return = last[0]["item_type"] == "PRODUCT"
        room = is_return and has_room(refund, invoiced, returned)
        note = credited(invoiced, refund, terms)
        if note is None:
            assert not room, refund
            continue
        assert not is_return or room
        if is_return:
            returned[f"product:{last[0]['item_id']}"] += last[0]["quantity"]
        earlier.append(EarlierCredit(refund, note, note.gross))
        after = Invoiced(sold, order_, tuple(earlier))
        assert after.rest >= 0
        assert all(left >= 0 for left in rest_by_rate(after).values())
        assert sum(1 for each in earlier if each.refund and each.refund.items[0].of == "SHIPPING") <= 1
