"""A foreign invoice counts in the division's currency at Exact's own rate, and is not printed without one.

Order 1001 in dollars: 17.90 USD at 0.92 is 16.47 EUR.
"""

from datetime import date
from decimal import Decimal

from connector.admin.documents.page import exchange_difference
from connector.models import MasterData, OrderSync
from connector.sandbox.exact.entries import SALES_ENTRIES
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, PRINT, again, post, pull


def in_dollars(acme: Acme, order_id: int = 1001) -> OrderSync:
    acme.sandbox.stores.store("nlshop1").orders[order_id].order["default_currency_code"] = "USD"
    return post(acme, order_id)


def today(acme: Acme) -> date:
    return acme.sandbox.exact.divisions[DIVISION].local_now().date()


def test_a_foreign_order_is_posted_in_its_own_currency_at_exacts_rate(acme: Acme) -> None:
    document = in_dollars(acme)
    assert document.state == "posted", document.message
    invoice = acme.invoice(1001)
    assert (invoice["Currency"], invoice["AmountFC"], invoice["AmountDC"]) == (
        "USD",
        Decimal("17.90"),
        Decimal("16.47"),
    )


def test_without_a_rate_of_the_day_the_invoice_stays_open_and_is_not_printed(acme: Acme) -> None:
    acme.sandbox.exact.set_rate("USD", today(acme), None)
    document = in_dollars(acme)
    assert (document.state, document.reason) == ("blocked", "currency")
    assert "counts 17.90 USD as 17.9 EUR" in document.message
    assert "Enter the rate in Exact, then re-post" in document.message
    assert (acme.invoice(1001)["Status"], acme.exact_calls(PRINT)) == (20, 0)
    assert document.exact_id == acme.invoice(1001)["InvoiceID"]


def test_once_the_rate_is_there_a_re_post_makes_the_invoice_again_and_prints_it(acme: Acme) -> None:
    test_without_a_rate_of_the_day_the_invoice_stays_open_and_is_not_printed(acme)
    first = acme.document(1001)
    acme.sandbox.exact.set_rate("USD", today(acme), Decimal("0.50"))
    document = again(acme, first)
    assert document.state == "posted", document.message
    invoice = acme.invoice(1001)
    assert (invoice["AmountDC"], invoice["Status"]) == (Decimal("8.95"), 50)
    assert document.exact_id != first.exact_id


def test_a_re_post_without_a_rate_ends_in_the_same_hold(acme: Acme) -> None:
    test_without_a_rate_of_the_day_the_invoice_stays_open_and_is_not_printed(acme)
    document = again(acme, acme.document(1001))
    assert (document.state, document.reason) == ("blocked", "currency")
    assert len(acme.invoices(1001)) == 1
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 2


def test_a_rate_that_a_person_put_on_the_open_invoice_is_good(acme: Acme) -> None:
    test_without_a_rate_of_the_day_the_invoice_stays_open_and_is_not_printed(acme)
    document = acme.document(1001)
    acme.sandbox.exact.change(DIVISION, "salesinvoice/SalesInvoices", document.exact_id, AmountDC=Decimal("16.47"))
    assert again(acme, document).exact_id == document.exact_id
    assert acme.document(1001).state == "posted"


def test_a_currency_that_the_division_does_not_have_is_held_without_a_call(acme: Acme) -> None:
    MasterData.objects.filter(kind="currency", code="USD").delete()
    before = acme.exact_calls()
    document = in_dollars(acme)
    assert (document.state, document.reason) == ("blocked", "currency")
    assert acme.exact_calls() == before


def test_a_journal_that_takes_its_own_currency_only_holds_the_order_without_a_call(acme: Acme) -> None:
    journal = acme.sandbox.exact.id_of(DIVISION, "financial/Journals", "70")
    acme.sandbox.exact.change(DIVISION, "financial/Journals", journal, AllowVariableCurrency=False)
    pull(acme)
    before = acme.exact_calls()
    document = in_dollars(acme)
    assert (document.state, document.reason) == ("blocked", "currency")
    assert "takes EUR only" in document.message
    assert acme.exact_calls() == before


def test_more_decimals_than_exact_keeps_are_held_without_a_call(acme: Acme) -> None:
    """AmountPrecision 1 of a currency with cents."""
    currency = MasterData.objects.get(kind="currency", code="USD")
    currency.data["amount_precision"] = "1"
    currency.save()
    before = acme.exact_calls()
    document = in_dollars(acme)
    assert (document.state, document.reason) == ("blocked", "currency")
    assert "have 2 decimals, but the division keeps only 0" in document.message
    assert acme.exact_calls() == before


def credited_at_another_rate(acme: Acme) -> OrderSync:
    """Order 1001 in dollars, invoiced at 0.92 and credited on a day at 0.90."""
    type(acme.connection).objects.filter(pk=acme.connection.pk).update(refunds="credit")
    assert in_dollars(acme).state == "posted"
    acme.sandbox.exact.set_rate("USD", today(acme), Decimal("0.90"))
    acme.sandbox.stores.store("nlshop1").refund(1001)
    post(acme)
    (credit,) = acme.credits(1001)
    assert credit.state == "posted", credit.message
    return credit


def test_a_credit_entry_has_the_rate_of_the_entry_that_it_credits(books: Acme) -> None:
    credit = credited_at_another_rate(books)
    found = books.sandbox.exact.divisions[DIVISION].table(SALES_ENTRIES)[credit.exact_id]
    assert (found["AmountFC"], found["Rate"], found["AmountDC"]) == (
        Decimal("-17.90"),
        Decimal("0.92"),
        Decimal("-16.47"),
    )
    assert exchange_difference(credit) == ""


def test_a_credit_note_of_an_invoice_takes_the_rate_of_its_day_and_its_page_names_the_difference(acme: Acme) -> None:
    credit = credited_at_another_rate(acme)
    invoice = acme.document(1001)
    assert acme.in_exact(1001)[credit.reference]["AmountDC"] == Decimal("-16.11")
    assert exchange_difference(credit) == (
        f"Exact counts it as 16.11 EUR and that part of invoice {invoice.exact_number} as 16.47 EUR, because the "
        "exchange rate has changed. Book 0.36 EUR as an exchange difference."
    )
