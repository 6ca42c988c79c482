"""Captured payments are booked for the customer, once. Without receipts, the part paid by credit is reported.

Order 1001 is 17.90: by card, or 10.00 by card, 5.00 by gift certificate and 2.90 by store credit.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from connector.flow.actions.documents import re_post, refetch
from connector.flow.setup.provision.export import export
from connector.flow.setup.provision.schema import Refused
from connector.models import OrderSync
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import WHY, post

BANK, TRANSACTIONS = "*financialtransaction/BankEntries", "*/transactions"
PAYMENTS = {
    "mode": "receipts",
    "journal": "25",
    "gift_certificate_account": "1540",
    "store_credit_account": "1550",
}
BREAKS = ["close_before", "close_after", "500_before", "500_after", "503_html", "200_html", "truncated", "garbage_201"]


def with_payments(acme: Acme, payments: Any) -> None:
    acme.configure(payments=payments)


@pytest.fixture
def booking(acme: Acme) -> Acme:
    """Acme, with receipts in the payment-service journal 25."""
    with_payments(acme, PAYMENTS)
    return acme


def record(acme: Acme) -> Any:
    return acme.sandbox.stores.store("nlshop1").orders[1001]


def pay_in_three_ways(acme: Acme) -> None:
    """A bank account sees 10.00 only: the certificate and the credit were paid for before."""
    record(acme).transactions[0]["amount"] = 10.0
    record(acme).order |= {"gift_certificate_amount": "5.0000", "store_credit_amount": "2.9000"}


def order(acme: Acme) -> OrderSync:
    """What became of order 1001: its invoice posted, and the receipt."""
    acme.ring(1001)
    acme.drain()
    assert OrderSync.objects.get(order_id=1001, kind="invoice").state == "posted"
    return receipt()


def receipt() -> OrderSync:
    return OrderSync.objects.get(order_id=1001, kind="receipt")


def booked(acme: Acme) -> list[tuple[str, Decimal]]:
    """GL account and amount of each line of each entry."""
    entries = acme.sandbox.exact.receipts(DIVISION)
    assert {entry["JournalCode"] for entry in entries} <= {"25"}
    return [(line["GLAccountCode"], line["AmountFC"]) for entry in entries for line in entry["BankEntryLines"]]


def test_a_card_payment_is_booked_against_the_customer_with_the_invoices_number(booking: Acme) -> None:
    document = order(booking)
    assert document.state == "posted", document.message
    assert booked(booking) == [("1300", Decimal("17.90"))]
    (entry,), invoice = booking.sandbox.exact.receipts(DIVISION), booking.invoice(1001)
    (line,) = entry["BankEntryLines"]
    assert (line["Account"], line["OurRef"]) == (invoice["OrderedBy"], invoice["InvoiceNumber"])
    assert (line["Description"], line["Date"].date()) == ("NLS-1001-P1001", date(2026, 1, 5))
    assert (document.exact_id, document.exact_number) == (entry["EntryID"], str(entry["EntryNumber"]))
    assert "tr_nlshop1_1001" in line["Notes"]


def test_gift_certificate_and_store_credit_go_to_their_own_accounts(booking: Acme) -> None:
    pay_in_three_ways(booking)
    booking.ring(1001)
    booking.drain()
    vouchers = [("1300", Decimal("7.90")), ("1540", Decimal("-5.00")), ("1550", Decimal("-2.90"))]
    assert booked(booking) == [*vouchers, ("1300", Decimal("10.00"))]
    gained = [
        entry["ClosingBalanceFC"] - entry["OpeningBalanceFC"] for entry in booking.sandbox.exact.receipts(DIVISION)
    ]
    assert gained == [Decimal("0.00"), Decimal("10.00")]
    assert set(OrderSync.objects.filter(kind="receipt").values_list("sequence", "state", "reference")) == {
        (0, "posted", "NLS-1001-P"),
        (1001, "posted", "NLS-1001-P1001"),
    }


def test_one_account_for_both_vouchers_gets_both(acme: Acme) -> None:
    with_payments(acme, {**PAYMENTS, "store_credit_account": "1540"})
    pay_in_three_ways(acme)
    acme.ring(1001)
    acme.drain()
    assert sum(amount for account, amount in booked(acme) if account == "1540") == Decimal("-7.90")


def test_without_receipts_what_credit_paid_is_to_be_settled_by_hand(acme: Acme) -> None:
    pay_in_three_ways(acme)
    document = post(acme)
    assert (document.state, document.to_settle) == ("posted", Decimal("7.90"))
    assert document.payment_status == "captured"
    assert acme.sandbox.exact.receipts(DIVISION) == []
    assert acme.store_calls(TRANSACTIONS) == 0
    assert post(acme, 1002).to_settle is None


def test_an_authorisation_is_no_money_until_it_is_captured(booking: Acme) -> None:
    record(booking).transactions[0]["event"] = "authorization"
    document = order(booking)
    assert (document.state, document.reason) == ("skipped", "unpaid")
    authorised = record(booking).transactions[0]
    record(booking).transactions.append({**authorised, "id": 2, "event": "capture"})
    booking.ring(1001, "store/order/updated")
    booking.drain()
    assert receipt().state == "posted"
    assert booked(booking) == [("1300", Decimal("17.90"))]


def test_what_was_given_back_is_a_receipt_below_zero(booking: Acme) -> None:
    paid = record(booking).transactions[0]
    later = {"id": 2, "event": "refund", "amount": 7.9, "date_created": "2026-01-06T08:00:00+00:00"}
    record(booking).transactions.append({**paid, **later})
    booking.ring(1001)
    booking.drain()
    assert booked(booking) == [("1300", Decimal("17.90")), ("1300", Decimal("-7.90"))]
    first, second = booking.sandbox.exact.receipts(DIVISION)
    assert second["BankEntryLines"][0]["Account"] == first["BankEntryLines"][0]["Account"]
    assert second["BankEntryLines"][0]["Date"].date() == date(2026, 1, 6)


def test_a_test_payment_is_no_money_unless_test_orders_are_posted(booking: Acme) -> None:
    record(booking).transactions[0]["test"] = True
    assert order(booking).reason == "unpaid"
    booking.connection.refresh_from_db()
    booking.connection.test_orders = True
    booking.connection.save()
    booking.ring(1001, "store/order/updated")
    booking.drain()
    assert receipt().state == "posted"


def test_more_than_was_invoiced_is_held_with_both_figures(booking: Acme) -> None:
    record(booking).transactions[0]["amount"] = 20.0
    document = order(booking)
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "add up to 20.00 EUR" in document.message
    assert "the invoice is 17.90" in document.message
    assert booking.sandbox.exact.receipts(DIVISION) == []


def test_of_captures_that_exceed_together_only_the_one_that_does_is_held(booking: Acme) -> None:
    """They are read at once. The third one fits in what the first left, and the second when it is given back."""
    paid = record(booking).transactions[0]
    paid["amount"] = 10.0
    for number, amount in ((1002, 12.0), (1003, 7.9)):
        record(booking).transactions.append({**paid, "id": number, "amount": amount})
    booking.ring(1001)
    booking.drain()
    found = {row.sequence: row for row in OrderSync.objects.filter(kind="receipt")}
    assert {number: row.state for number, row in found.items()} == {1001: "posted", 1002: "blocked", 1003: "posted"}
    assert "add up to 22.00 EUR" in found[1002].message
    assert booked(booking) == [("1300", Decimal("10.00")), ("1300", Decimal("7.90"))]
    re_post(found[1002], None, WHY)
    booking.drain()
    found[1002].refresh_from_db()
    assert (found[1002].state, found[1002].code) == ("blocked", "payments_do_not_fit")
    assert "add up to 29.90 EUR" in found[1002].message
    record(booking).transactions.append({**paid, "id": 1004, "event": "refund", "amount": 12.0})
    booking.ring(1001, "store/order/updated")
    booking.drain()
    assert set(OrderSync.objects.filter(kind="receipt").values_list("state", flat=True)) == {"posted"}
    assert sum(amount for _account, amount in booked(booking)) == Decimal("17.90")


def test_a_payment_in_another_currency_is_held(booking: Acme) -> None:
    record(booking).transactions[0]["currency"] = "USD"
    assert order(booking).reason == "totals"
    assert "in USD, but the invoice is in EUR" in receipt().message


@pytest.mark.parametrize("kind", BREAKS)
def test_whatever_breaks_the_payment_is_booked_once(booking: Acme, settings: Settings, kind: str) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    booking.sandbox.exact.faults.add(kind, "POST", BANK)
    order(booking)
    for _ in range(4):
        booking.make_due()
        booking.drain()
    assert receipt().state == "posted", receipt().message
    assert booked(booking) == [("1300", Decimal("17.90"))]


def test_an_entry_of_another_amount_under_our_description_is_held(booking: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    booking.sandbox.exact.faults.add("close_after", "POST", BANK)
    order(booking)
    (line,) = booking.sandbox.exact.divisions[DIVISION].table("financialtransaction/TransactionLines").values()
    line["AmountFC"] = Decimal("-12.00")
    booking.make_due()
    booking.drain()
    assert (receipt().state, receipt().reason) == ("blocked", "duplicate")


def test_a_refusal_holds_the_receipt_and_not_the_invoice(booking: Acme) -> None:
    journal = booking.sandbox.exact.id_of(DIVISION, "financial/Journals", "25")
    booking.sandbox.exact.change(DIVISION, "financial/Journals", journal, Type=90)
    document = order(booking)
    assert (document.state, document.reason) == ("blocked", "rejected")
    booking.sandbox.exact.change(DIVISION, "financial/Journals", journal, Type=16)
    re_post(document, None, WHY)
    booking.drain()
    assert receipt().state == "posted"


def test_without_a_journal_the_receipt_is_held_and_says_which_setting(acme: Acme) -> None:
    with_payments(acme, "receipts")
    document = order(acme)
    assert (document.state, document.reason) == ("blocked", "mapping")
    assert "`payments.journal`" in document.message
    with_payments(acme, PAYMENTS)
    acme.drain()
    assert receipt().state == "posted"


def test_a_second_delivery_books_nothing_twice(booking: Acme) -> None:
    order(booking)
    before = booking.exact_calls()
    booking.ring(1001, "store/order/updated")
    booking.drain()
    assert receipt().state == "posted"
    assert booking.exact_calls() == before


def test_a_refetch_reads_the_payments_of_a_held_receipt_again(booking: Acme) -> None:
    record(booking).transactions[0]["amount"] = 20.0
    document = order(booking)
    record(booking).transactions[0]["amount"] = 17.9
    refetch(document, None, WHY)
    booking.drain()
    assert receipt().state == "posted", receipt().message


@pytest.mark.parametrize("payments", ["off", "receipts", PAYMENTS])
def test_what_is_provisioned_is_exported(acme: Acme, payments: Any) -> None:
    with_payments(acme, payments)
    (connection,) = export(acme.store.tenant)["connections"]
    assert connection["payments"] == payments


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("sometimes", "payments.mode cannot be 'sometimes'"),
        ({**PAYMENTS, "journal": "70"}, "no bank or payment-service journal '70'"),
        ({**PAYMENTS, "store_credit_account": "9999"}, "no GL account '9999'"),
    ],
)
def test_a_word_or_code_that_is_not_there_is_refused(acme: Acme, wrong: Any, text: str) -> None:
    with pytest.raises(Refused, match=text):
        with_payments(acme, wrong)


def test_the_page_of_a_receipt_opens(booking: Acme) -> None:
    document = order(booking)
    booking.client.force_login(User.objects.get(email="owner@demo.example"))
    page = booking.client.get(reverse("admin:connector_ordersync_change", args=[document.pk]))
    assert page.status_code == 200
    assert "Booked as entry" in page.content.decode()
