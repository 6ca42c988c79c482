"""Every payment of an order becomes a receipt, once, and what is given back is booked back.

Order 1001 is 17.90, paid by card. What Exact has is added up by GL account: 1300 is the receivable, with the invoices
and the credit notes, 1540 the gift certificates, 1550 the store credit.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from connector.flow import fault_points
from connector.flow.actions.documents import re_post, skip
from connector.models import OrderSync
from connector.sandbox.bigcommerce.state import Store
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import WHY
from tests.flow.payment.test_receipt import BANK, PAYMENTS, TRANSACTIONS, pay_in_three_ways

UPDATED = "store/order/updated"


def connected(acme: Acme, **settings: Any) -> Acme:
    """Acme, with receipts and with credit notes for refunds and edits."""
    usual = {"payments": PAYMENTS, "refunds": "credit", "edits": "credit_and_repost", "cancellations": "credit"}
    acme.configure(**(usual | settings))
    return acme


@pytest.fixture
def booking(acme: Acme) -> Acme:
    return connected(acme)


def store(acme: Acme) -> Store:
    return acme.sandbox.stores.store("nlshop1")


def look(acme: Acme, scope: str = UPDATED) -> None:
    acme.ring(1001, scope)
    acme.drain()


def receipts(acme: Acme) -> dict[int, OrderSync]:
    rows = OrderSync.objects.filter(connection=acme.connection, order_id=1001, kind="receipt")
    return {row.sequence: row for row in rows}


def entries(acme: Acme) -> list[tuple[str, D]]:
    """Description and amount of the first line of each entry."""
    found = [entry["BankEntryLines"][0] for entry in acme.sandbox.exact.receipts(DIVISION)]
    return [(line["Description"], line["AmountFC"]) for line in found]


def balances(acme: Acme) -> dict[str, D]:
    """What the order's documents and receipts leave on each account: the receivable, and what we owe."""
    left: dict[str, D] = defaultdict(D, {"1300": sum((row["AmountFC"] for row in acme.in_exact(1001).values()), D(0))})
    for entry in acme.sandbox.exact.receipts(DIVISION):
        for line in entry["BankEntryLines"]:
            left[line["GLAccountCode"]] -= line["AmountFC"]
    return {account: amount for account, amount in left.items() if amount}


def authorised(acme: Acme) -> int:
    """The first transaction of the order only promises the money. Returns its id."""
    first = store(acme).orders[1001].transactions[0]
    first["event"] = "authorization"
    return int(first["id"])


def test_captures_at_two_shipments_are_two_receipts_on_their_days(booking: Acme) -> None:
    promise = authorised(booking)
    look(booking, "store/order/created")
    assert {number: row.reason for number, row in receipts(booking).items()} == {0: "unpaid"}
    first = store(booking).transact(1001, "capture", D("10.00"), about=promise)
    first["date_created"] = "2026-01-07T09:00:00+00:00"
    look(booking)
    second = store(booking).transact(1001, "capture", D("7.90"), about=promise)
    second["date_created"] = "2026-01-09T23:30:00+00:00"
    look(booking)
    assert entries(booking) == [(f"NLS-1001-P{first['id']}", D("10.00")), (f"NLS-1001-P{second['id']}", D("7.90"))]
    days = [entry["BankEntryLines"][0]["Date"].date().day for entry in booking.sandbox.exact.receipts(DIVISION)]
    assert days == [7, 10]  # in Amsterdam
    assert balances(booking) == {}
    assert {row.state for row in receipts(booking).values()} == {"posted"}


def test_a_payment_that_was_read_is_not_booked_again(booking: Acme) -> None:
    look(booking, "store/order/created")
    before = booking.exact_calls()
    for _ in range(2):
        look(booking)
    assert booking.exact_calls() == before
    assert entries(booking) == [("NLS-1001-P1001", D("17.90"))]


def test_a_refund_in_the_gateways_own_portal_is_a_receipt_below_zero(booking: Acme) -> None:
    look(booking, "store/order/created")
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    look(booking)
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-P{back['id']}", D("-7.90"))]


def test_a_refund_of_the_store_leaves_nothing_on_the_customers_account(booking: Acme) -> None:
    look(booking, "store/order/created")
    store(booking).refund(1001)
    look(booking)
    assert balances(booking) == {}


def test_a_void_after_the_receipt_takes_it_back(booking: Acme) -> None:
    look(booking, "store/order/created")
    gateway = store(booking).orders[1001].transactions[0]["gateway_transaction_id"]
    void = store(booking).transact(1001, "void", D("17.90"), gateway_id=gateway)
    look(booking)
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-P{void['id']}", D("-17.90"))]
    assert balances(booking) == {"1300": D("17.90")}
    look(booking)
    assert len(entries(booking)) == 2


def test_what_was_voided_before_it_was_booked_is_not_booked(booking: Acme) -> None:
    gateway = store(booking).orders[1001].transactions[0]["gateway_transaction_id"]
    store(booking).transact(1001, "void", D("17.90"), gateway_id=gateway)
    look(booking, "store/order/created")
    assert entries(booking) == []
    assert {number: row.reason for number, row in receipts(booking).items()} == {0: "unpaid"}


def test_a_void_of_a_receipt_that_is_held_leaves_both_out(acme: Acme) -> None:
    booking = connected(acme, payments={**PAYMENTS, "journal": ""})
    look(booking, "store/order/created")
    assert receipts(booking)[1001].state == "blocked"
    void = store(booking).transact(1001, "void", D("17.90"), about=1001)
    look(booking)
    connected(acme)
    booking.make_due()
    booking.drain()
    assert {number: row.code for number, row in receipts(booking).items()} == {
        1001: "payment_voided",
        void["id"]: "payment_voided",
    }
    assert entries(booking) == []


def test_the_payment_for_an_edit_is_booked_on_its_second_invoice(booking: Acme) -> None:
    look(booking, "store/order/created")
    line = store(booking).orders[1001].products[0]
    store(booking).edit(1001, line["id"], quantity=line["quantity"] + 1)
    more = booking.total(1001) - D("17.90")
    paid = store(booking).transact(1001, "purchase", more)
    look(booking)
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-P{paid['id']}", more)]
    assert balances(booking) == {}
    second = booking.in_exact(1001)["NLS-1001-2"]
    assert booking.sandbox.exact.receipts(DIVISION)[-1]["BankEntryLines"][0]["OurRef"] == second["InvoiceNumber"]


def test_a_payment_for_an_edit_that_a_person_decides_is_held_until_then(acme: Acme) -> None:
    booking = connected(acme, edits="review")
    look(booking, "store/order/created")
    line = store(booking).orders[1001].products[0]
    store(booking).edit(1001, line["id"], quantity=line["quantity"] + 1)
    paid = store(booking).transact(1001, "purchase", booking.total(1001) - D("17.90"))
    look(booking)
    held = receipts(booking)[paid["id"]]
    assert (held.state, held.code) == ("blocked", "payments_do_not_fit")
    assert "the invoice is 17.90" in held.message
    booking.client.force_login(User.objects.get(email="owner@demo.example"))
    home = booking.client.get(reverse("admin:index")).content.decode()
    assert "The payments of this order differ from its invoice." in home
    page = booking.client.get(reverse("admin:connector_ordersync_change", args=[booking.document(1001).pk]))
    assert held.message.split(" (")[0] in page.content.decode()
    connected(acme)
    document = booking.document(1001)
    OrderSync.objects.filter(pk=document.pk).update(decision="credit_and_repost")
    look(booking)
    assert receipts(booking)[paid["id"]].state == "posted", receipts(booking)[paid["id"]].message
    assert balances(booking) == {}


def test_a_payment_in_another_currency_holds_no_other(booking: Acme) -> None:
    other = store(booking).transact(1001, "capture", D("5.00"))
    other["currency"] = "USD"
    look(booking, "store/order/created")
    assert {number: row.state for number, row in receipts(booking).items()} == {1001: "posted", other["id"]: "blocked"}


def test_a_refund_to_store_credit_puts_the_liability_back(booking: Acme) -> None:
    look(booking, "store/order/created")
    store(booking).refund(1001, store_credit=D("17.90"))
    look(booking)
    refund = store(booking).refunds[1001][0]["id"]
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-R{refund}", D("-17.90"))]
    assert balances(booking) == {"1550": D("-17.90")}
    (note,) = booking.credits(1001)
    assert note.to_settle is None
    (line, _) = booking.sandbox.exact.receipts(DIVISION)[-1]["BankEntryLines"]
    assert line["OurRef"] == int(note.exact_number)


def test_without_receipts_a_refund_to_store_credit_is_to_be_settled_by_hand(acme: Acme) -> None:
    booking = connected(acme, payments="off")
    look(booking, "store/order/created")
    store(booking).refund(1001, store_credit=D("17.90"))
    look(booking)
    (note,) = booking.credits(1001)
    assert (note.state, note.total, note.to_settle) == ("posted", D("-17.90"), D("17.90"))
    text = "To settle by hand: 17.90 EUR, given back as store credit or gift certificate."
    assert text in " ".join(note.history.values_list("text", flat=True))
    booking.client.force_login(User.objects.get(email="owner@demo.example"))
    page = booking.client.get(reverse("admin:connector_ordersync_change", args=[note.pk])).content.decode()
    assert "17.90 EUR, given back as store credit or gift certificate" in page


def test_an_order_that_was_wholly_refunded_before_it_is_seen_leaves_nothing_anywhere(booking: Acme) -> None:
    pay_in_three_ways(booking)
    store(booking).refund(1001, store_credit=D("2.90"), gift_certificate=D("5.00"))
    look(booking, "store/order/created")
    booking.make_due()
    booking.drain()
    assert [note.state for note in booking.credits(1001)] == ["posted"]
    assert {row.state for row in receipts(booking).values()} == {"posted"}
    assert len(receipts(booking)) == 4  # the vouchers, the card, the card's refund, what was given back as vouchers
    assert balances(booking) == {}


def test_a_certificate_whose_vat_was_paid_at_its_sale_lowers_the_invoice_and_is_no_debt(acme: Acme) -> None:
    booking = connected(acme, gift_certificates="single")
    store(booking).orders[1001].order["gift_certificate_amount"] = "5.0000"
    store(booking).orders[1001].transactions[0]["amount"] = 12.9
    look(booking, "store/order/created")
    document = booking.document(1001)
    assert (document.state, document.total, document.to_settle) == ("posted", D("12.90"), None), document.message
    assert booking.invoice(1001)["AmountFC"] == D("12.90")
    assert entries(booking) == [("NLS-1001-P1001", D("12.90"))]
    assert balances(booking) == {}
    store(booking).refund(1001, gift_certificate=D("5.00"))
    look(booking)
    assert [(note.state, note.total) for note in booking.credits(1001)] == [("posted", D("-12.90"))]
    assert balances(booking) == {}


def test_an_order_that_such_a_certificate_paid_wholly_is_an_invoice_of_nothing(acme: Acme) -> None:
    booking = connected(acme, gift_certificates="single")
    store(booking).orders[1001].order["gift_certificate_amount"] = "17.9000"
    store(booking).orders[1001].transactions.clear()
    look(booking, "store/order/created")
    assert (booking.document(1001).state, booking.document(1001).message) == ("posted", "")
    assert booking.invoice(1001)["AmountFC"] == 0
    assert balances(booking) == {}


@pytest.mark.parametrize("kind", ["close_before", "close_after", "500_after", "truncated"])
def test_a_lost_answer_books_a_later_payment_once(booking: Acme, settings: Settings, kind: str) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    look(booking, "store/order/created")
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    booking.sandbox.exact.faults.add(kind, "POST", BANK)
    look(booking)
    for _ in range(4):
        booking.make_due()
        booking.drain()
    assert receipts(booking)[back["id"]].state == "posted", receipts(booking)[back["id"]].message
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-P{back['id']}", D("-7.90"))]


class Killed(BaseException):
    """The process ends here: nothing after it is run."""


@pytest.mark.parametrize("point", ["intended", "posted_before_record"])
def test_a_worker_that_dies_between_intent_and_record_books_once(
    booking: Acme, settings: Settings, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    look(booking, "store/order/created")
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)

    def die(reached: str) -> None:
        if reached == point:
            raise Killed

    goes_on = fault_points.reach
    monkeypatch.setattr(fault_points, "reach", die)
    with pytest.raises(Killed):
        look(booking)
    monkeypatch.setattr(fault_points, "reach", goes_on)
    assert receipts(booking)[back["id"]].state == "posting"
    for _ in range(4):
        booking.make_due()
        booking.drain()
    assert receipts(booking)[back["id"]].state == "posted"
    assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-P{back['id']}", D("-7.90"))]


def test_payments_that_the_store_does_not_show_any_more_are_held_where_a_person_sees_it(booking: Acme) -> None:
    look(booking, "store/order/created")
    booking.sandbox.stores.faults.add("403:scope", "GET", TRANSACTIONS, times=2)
    look(booking)
    document = booking.document(1001)
    assert (document.state, document.recheck_at) == ("posted", None)
    held = receipts(booking)[0]
    assert (held.state, held.code) == ("blocked", "right_missing")
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    look(booking)
    assert {number: row.state for number, row in receipts(booking).items()} == {1001: "posted", back["id"]: "posted"}


def test_a_payment_that_cannot_be_read_is_held_and_is_booked_when_it_can(booking: Acme) -> None:
    look(booking, "store/order/created")
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    right, back["date_created"] = back["date_created"], "some day"
    look(booking)
    assert receipts(booking)[0].code == "payments_unreadable"
    back["date_created"] = right
    look(booking)
    assert len(entries(booking)) == 2


def as_before(booking: Acme, **fields: Any) -> OrderSync:
    """The order's receipt as the migration leaves one of an earlier build: it is for all payments up to then."""
    (row,) = receipts(booking).values()
    data = {**(row.order_data or {})}
    OrderSync.objects.filter(pk=row.pk).update(sequence=0, order_data=data, **fields)
    return receipts(booking)[0]


def test_what_one_receipt_booked_for_several_payments_is_not_booked_again(booking: Acme) -> None:
    look(booking, "store/order/created")
    as_before(booking)
    look(booking)
    assert entries(booking) == [("NLS-1001-P1001", D("17.90"))]
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    look(booking)
    assert entries(booking)[1:] == [(f"NLS-1001-P{back['id']}", D("-7.90"))]
    assert set(receipts(booking)) == {0, back["id"]}


def test_a_payment_that_may_be_in_an_earlier_receipt_is_held(booking: Acme) -> None:
    look(booking, "store/order/created")
    row = as_before(booking)
    booked = {**row.order_data["receipt"], "settled": "12.00"} if row.order_data else {}
    OrderSync.objects.filter(pk=row.pk).update(order_data={"receipt": booked})
    look(booking)
    held = receipts(booking)[1001]
    assert (held.state, held.code) == ("blocked", "earlier_receipt_unclear")
    assert len(entries(booking)) == 1


def test_what_a_person_books_by_hand_stays_by_hand(acme: Acme) -> None:
    booking = connected(acme, payments={**PAYMENTS, "journal": ""})
    look(booking, "store/order/created")
    skip(as_before(booking), None, WHY)
    connected(acme)
    look(booking)
    assert set(receipts(booking)) == {0}
    store(booking).now = _later(store(booking).now)
    back = store(booking).transact(1001, "refund", D("7.90"), about=1001)
    look(booking)
    assert set(receipts(booking)) == {0, back["id"]}


def _later(now: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: now() + timedelta(minutes=5)


def test_a_payment_that_cannot_be_read_holds_the_receipt_and_is_named(acme: Acme) -> None:
    """It may be the void of another payment, so none of the order's is booked before a person looked."""
    booking = connected(acme)
    rows: list[Any] = store(booking).orders[1001].transactions
    rows.append({**rows[0], "id": 7, "amount": {"value": "1.00"}})
    look(booking, "store/order/created")
    held = receipts(booking)[0]
    assert (held.state, held.reason, held.code) == ("blocked", "totals", "payments_unreadable")
    assert "transaction[1].amount" in held.message
    rows[1] = None
    re_post(held, None, WHY)
    booking.drain()
    assert "transaction[1] is empty or missing; it must be an object" in receipts(booking)[0].message
    assert entries(booking) == []
    rows.pop()
    re_post(receipts(booking)[0], None, WHY)
    booking.drain()
    assert [amount for _reference, amount in entries(booking)] == [D("17.90")]
