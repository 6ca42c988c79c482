"""What a person may credit: of a posted invoice that waits for a decision, of each line no more than is left of it."""

from decimal import Decimal as D

import pytest

from connector.flow.actions.credit_amount import credit_amount, rest_of
from connector.flow.actions.transaction import NotPossible
from connector.models import OrderSync
from tests.acme import Acme
from tests.cases.scene import place
from tests.cases.shop import basket
from tests.flow.by_hand import WHY


@pytest.fixture
def asked(acme: Acme) -> OrderSync:
    """The basket of 65.35, refunded in part, and the store does not say how much."""
    place(acme, {6010: basket()})
    place(acme, {6010: basket(status_id=14)})
    return acme.document(6010)


def test_what_remains_is_less_by_what_was_credited_and_each_credit_has_its_own_row(asked: OrderSync) -> None:
    credit_amount(asked, None, WHY, D("40.00"), {"product:1": D("40.00")})
    rest = rest_of(asked)
    assert rest.total == D("65.35"), "a row that is not posted yet has taken nothing"
    OrderSync.objects.filter(pk=asked.pk).update(change_pending=True)
    credit_amount(OrderSync.objects.get(pk=asked.pk), None, WHY, D("1.00"), {})
    rows = OrderSync.objects.filter(kind="credit").order_by("-sequence")
    assert [(row.total, rows[0].sequence - row.sequence) for row in rows] == [(D("-40.00"), 0), (D("-1.00"), 1)]


@pytest.mark.parametrize(
    ("amount", "lines", "words"),
    [
        (D("65.36"), {}, "65.35"),
        (D("48.41"), {"product:1": D("48.41")}, "48.40"),
    ],
)
def test_more_than_is_left_is_refused(asked: OrderSync, amount: D, lines: dict[str, D], words: str) -> None:
    with pytest.raises(NotPossible, match=words):
        credit_amount(asked, None, WHY, amount, lines)
    assert not OrderSync.objects.filter(kind="credit").exists()


def test_what_waits_for_no_decision_or_was_typed_by_hand_is_refused(asked: OrderSync) -> None:
    asked.draft = None
    with pytest.raises(NotPossible, match="typed by hand"):
        credit_amount(asked, None, WHY, D("1.00"), {})
    asked.change_pending = False
    with pytest.raises(NotPossible, match="No change of this order waits"):
        credit_amount(asked, None, WHY, D("1.00"), {})
