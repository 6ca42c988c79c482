"""What happens to an order after its invoice was posted: the store's changes, and what follows."""

from dataclasses import dataclass
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest

from connector.flow.actions.change_decisions import credit_now, leave_it
from connector.flow.actions.credit_amount import credit_amount
from connector.models import OrderSync, SyncEvent
from tests.acme import Acme
from tests.cases.outcome import item, refund
from tests.cases.scene import documents, is_asked, place, setting
from tests.cases.shop import Json, basket, line, order

# What a marketplace leaves of an address after a while.
REDACTED = {"first_name": "REDACTED", "last_name": "REDACTED", "street_1": "REDACTED"}
ONE = item("PRODUCT", 1, quantity=1)
BACK = refund("24.20", "4.20", ONE)
GOODWILL = item("ORDER", 1, amount="10.00")


@dataclass(frozen=True)
class Change:
    """The basket of 65.35 was posted; then it is `now` so. `asked`: a person has to decide, and reads these `words`."""

    id: str
    now: Json
    refunds: tuple[Json, ...] = ()
    asked: bool = False
    words: tuple[str, ...] = ()


CHANGES = [
    Change(id="archived", now=basket(is_deleted=True), asked=True, words=("archived",)),
    Change(id="disputed", now=basket(status_id=13)),
    Change(id="status_back_to_incomplete", now=basket(status_id=0)),
    Change(
        id="edit_qty_down",
        now=order(line(), line("10.90", vat="9"), shipping="6.05"),
        asked=True,
        words=("65.35", "41.15", "quantity was 2 and is now 1"),
    ),
    Change(id="guest_becomes_customer", now=basket(customer_id=77)),
    Change(
        id="renamed_product_text",
        now=order(line(name="Thing one", sku="SKU-1B", quantity=2), line("10.90", vat="9"), shipping="6.05"),
    ),
    Change(
        id="refund_zero",
        now=basket(status_id=14),
        refunds=(refund("0", "0", ONE, payments=[]),),
    ),
    Change(
        id="refund_declined",
        now=basket(status_id=14),
        refunds=(refund("24.20", "4.20", ONE, payments=[{"id": 1, "amount": "24.20", "is_declined": True}]),),
        asked=True,
        words=("Refund", "of 24.20 EUR was declined", "How much was given back is not known"),
    ),
    Change(
        id="credit_now_14",
        now=basket(status_id=14),
        asked=True,
        words=("partially refunded", "Type it under Credit an amount"),
    ),
    Change(
        id="refund_unknown_kind",
        now=basket(status_id=14),
        refunds=(refund("5.00", "0", item("DISCOUNT", 1, amount="5.00")),),
        asked=True,
        words=("DISCOUNT",),
    ),
]


def test_what_becomes_of_each_change(acme: Acme) -> None:
    setting(acme, refunds="credit", cancellations="credit")
    numbered = dict(enumerate(CHANGES, 7001))
    place(acme, dict.fromkeys(numbered, basket()))
    assert {number: documents(acme, number) for number in numbered} == {
        number: [(f"NLS-{number}", "65.35")] for number in numbered
    }
    refunds = {number: [row | {"id": number} for row in each.refunds] for number, each in numbered.items()}
    place(acme, {number: each.now for number, each in numbered.items()}, refunds)
    for number, each in numbered.items():
        document = acme.document(number)
        assert (acme.credits(number), is_asked(document)) == ([], each.asked), (each.id, document.message)
        assert all(part in document.message for part in each.words), (each.id, document.message)


def test_credit_now_14(acme: Acme) -> None:
    """Of an order that was refunded in part, and nobody knows how much, Credit now credits nothing and asks."""
    setting(acme, refunds="credit", cancellations="credit")
    place(acme, {6010: basket()})
    place(acme, {6010: basket(status_id=14)})
    credit_now(acme.document(6010), None, "It was refunded.")
    acme.drain()
    assert documents(acme, 6010) == [("NLS-6010", "65.35")]
    assert acme.document(6010).change_pending
    given = {"product:1": D("24.20"), "shipping:51": D("1.05")}
    credit_amount(acme.document(6010), None, "It was refunded in the till.", D("25.25"), given)
    acme.drain()
    assert documents(acme, 6010) == [("NLS-6010", "65.35"), ("NLS-6010-M1", "-25.25")]
    assert not is_asked(acme.document(6010))
    place(acme, {6010: basket(status_id=14)})
    assert not is_asked(acme.document(6010)), "the amount is known now"


def typed_then_reported(acme: Acme, *refunds: Json) -> OrderSync:
    """An amount of 10.00 for the order was typed as NLS-6013-M1; then the store reports these refunds."""
    setting(acme, refunds="credit", cancellations="credit")
    place(acme, {6013: basket()})
    place(acme, {6013: basket(status_id=14)})
    credit_amount(acme.document(6013), None, "It was refunded in the till.", D("10.00"), {})
    acme.drain()
    place(acme, {6013: basket(status_id=14)}, {6013: list(refunds)})
    return acme.document(6013)


LATER = [refund("10.00", "0", GOODWILL, number=21), refund("24.20", "4.20", ONE, number=22)]
TYPED = [("NLS-6013", "65.35"), ("NLS-6013-M1", "-10.00")]


def test_a_refund_that_may_be_what_a_person_credited_is_not_credited_without_a_person(acme: Acme) -> None:
    asked = typed_then_reported(acme, LATER[0])
    assert documents(acme, 6013) == TYPED
    assert asked.change_pending
    for part in ("Refund 21 of 10.00 EUR", "NLS-6013-M1 (10.00 EUR)", "Leave it", "Credit now"):
        assert part in asked.message, asked.message


def test_a_refund_that_is_what_a_person_credited_is_left_and_the_next_one_is_credited(acme: Acme) -> None:
    leave_it(typed_then_reported(acme, LATER[0]), None, "It is the same.")
    acme.drain()
    assert documents(acme, 6013) == TYPED
    place(acme, {6013: basket(status_id=14)}, {6013: LATER})
    assert documents(acme, 6013) == [*TYPED, ("NLS-6013-C22", "-24.20")]
    assert not is_asked(acme.document(6013))


def test_a_refund_beside_what_a_person_credited_is_credited_as_well(acme: Acme) -> None:
    credit_now(typed_then_reported(acme, LATER[0]), None, "It is another one.")
    acme.drain()
    assert documents(acme, 6013) == [*TYPED, ("NLS-6013-C21", "-10.00")]
    place(acme, {6013: basket(status_id=14)}, {6013: LATER})
    assert is_asked(acme.document(6013)), "the typed one may still be this one"


def test_a_declined_refund_beside_one_that_was_paid_is_noted(acme: Acme) -> None:
    setting(acme, refunds="credit")
    declined = BACK | {"id": 10, "payments": [{"id": 1, "amount": "24.20", "is_declined": True}]}
    place(acme, {6011: basket()})
    place(acme, {6011: basket(status_id=14)}, {6011: [declined, BACK]})
    assert documents(acme, 6011) == [("NLS-6011", "65.35"), ("NLS-6011-C11", "-24.20")]
    assert not is_asked(acme.document(6011))
    assert acme.document(6011).events.filter(text__contains="Refund 10 of 24.20 EUR was declined").exists()


def test_a_refund_is_found_after_the_status_was_set_back(acme: Acme) -> None:
    """An amount for the order as a whole marks no line. The order's own amount says that there is a refund."""
    setting(acme, refunds="credit")
    place(acme, {6012: basket()})
    place(acme, {6012: basket(status_id=10, refunded_amount="10.0000")}, {6012: [refund("10.00", "0", GOODWILL)]})
    assert documents(acme, 6012) == [("NLS-6012", "65.35"), ("NLS-6012-C11", "-10.00")]


def test_refund_created_empty(acme: Acme) -> None:
    """A refund without a date is credited on the day on which it was heard of."""
    setting(acme, refunds="credit")
    place(acme, {3018: basket()})
    place(acme, {3018: basket(status_id=14)}, {3018: [BACK | {"created": ""}]})
    (credit,) = acme.credits(3018)
    note = acme.in_exact(3018)["NLS-3018-C11"]
    assert note["AmountFC"] == D("-24.20")
    assert note["InvoiceDate"].date() == credit.created_at.astimezone(ZoneInfo("Europe/Amsterdam")).date()


def test_refund_then_cancel(acme: Acme) -> None:
    """What a refund gave back is not credited again when the rest is cancelled."""
    setting(acme, refunds="credit", cancellations="credit")
    place(acme, {7032: basket()})
    place(acme, {7032: basket(status_id=14)}, {7032: [BACK]})
    place(acme, {7032: basket(status_id=5)})
    assert documents(acme, 7032) == [("NLS-7032", "65.35"), ("NLS-7032-C11", "-24.20"), ("NLS-7032-C0", "-41.15")]


@pytest.mark.parametrize("policy", ["credit_and_repost", "review"])
@pytest.mark.parametrize(
    "now",
    [
        pytest.param(basket(customer_id=77), id="guest_becomes_customer_repost"),
        pytest.param(basket(email="redacted@example.test", address=REDACTED), id="redacted_credit_and_repost"),
    ],
)
def test_an_edit_without_money_makes_no_document_and_asks_nobody(acme: Acme, now: Json, policy: str) -> None:
    setting(acme, edits=policy)
    place(acme, {9001: basket()})
    place(acme, {9001: now})
    assert documents(acme, 9001) == [("NLS-9001", "65.35")]
    assert not is_asked(acme.document(9001))


def test_cancel_then_refund_short(acme: Acme) -> None:
    """A refund pays out what was credited when the order was cancelled. It is no second credit, and asks nobody."""
    setting(acme, refunds="credit", cancellations="credit")
    whole = refund("65.35", "10.35", item("PRODUCT", 1, quantity=2), item("PRODUCT", 2, quantity=1))
    place(acme, {7031: basket()})
    place(acme, {7031: basket(status_id=5)})
    for status in (4, 5, 4, 10):  # 10: the merchant calls it done
        place(acme, {7031: basket(status_id=status, refunded_amount="65.3500")}, {7031: [whole]})
    assert documents(acme, 7031) == [("NLS-7031", "65.35"), ("NLS-7031-C0", "-65.35")]
    assert [(row.sequence, row.state) for row in acme.credits(7031)] == [(0, "posted")]
    assert not is_asked(acme.document(7031))
    paid_out = SyncEvent.objects.filter(document=acme.document(7031), text__contains="pays out what was credited")
    assert paid_out.count() == 1


@pytest.mark.parametrize("refunds", [[], [BACK]], ids=["nothing paid out", "a part paid out"])
def test_a_cancelled_order_that_is_active_again_is_asked_about(acme: Acme, refunds: list[Json]) -> None:
    setting(acme, refunds="credit", cancellations="credit")
    place(acme, {7034: basket()})
    place(acme, {7034: basket(status_id=5)})
    place(acme, {7034: basket(status_id=14)}, {7034: refunds})
    place(acme, {7034: basket(refunded_amount="24.2000" if refunds else "0")}, {7034: refunds})
    assert documents(acme, 7034) == [("NLS-7034", "65.35"), ("NLS-7034-C0", "-65.35")]
    assert "active again" in acme.document(7034).message


def test_a_refund_above_what_the_cancellation_credited_is_held(acme: Acme) -> None:
    setting(acme, refunds="credit", cancellations="credit")
    place(acme, {7033: basket()})
    place(acme, {7033: basket(status_id=5)})
    place(acme, {7033: basket(status_id=5)}, {7033: [refund("70.00", "0", item("ORDER", 7033, amount="70.00"))]})
    acme.ring(7033, "store/order/refund/created")
    acme.drain()
    assert [(row.sequence, row.state) for row in acme.credits(7033)] == [(0, "posted"), (11, "blocked")]


def test_refund_to_store_credit(acme: Acme) -> None:
    """24.20 comes back as store credit: it is credited, and a person books what the customer may spend again."""
    setting(acme, refunds="credit")
    given = [{"id": 1, "provider_id": "storecredit", "amount": 24.2, "offline": True, "is_declined": False}]
    place(acme, {3009: basket()})
    place(acme, {3009: basket(status_id=14)}, {3009: [BACK | {"payments": given}]})
    assert documents(acme, 3009) == [("NLS-3009", "65.35"), ("NLS-3009-C11", "-24.20")]
    (credit,) = acme.credits(3009)
    assert credit.to_settle == D("24.20")
    assert "24.20 EUR, given back as store credit" in " ".join(credit.history.values_list("text", flat=True))
