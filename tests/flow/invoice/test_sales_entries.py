"""A connection that books sales entries: no items, no printing, final the moment it is sent; all else as invoices.

Order 1001 of the Dutch shop is 17.90; its prices include VAT, so its codes are chosen by rules that exclude it.
"""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.management import call_command

from connector.flow.actions.documents import approve
from connector.flow.setup.connection_test.run import check, passed
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, OrderSync
from connector.sandbox.exact.entries import SALES_ENTRIES
from tests.acme import DIVISION, STORE, Acme
from tests.flow.by_hand import PRINT, WHY, again, post
from tests.flow.entries import delete_entry, entries, entry, type_entry, with_entries

BOOK, LOOK = "*salesentry/SalesEntries", "*financialtransaction/TransactionLines"
UNCLEAR = ["close_after", "500_after", "503_html", "200_html", "truncated", "garbage_201"]


def test_an_order_is_booked_with_its_accounts_and_codes_and_without_an_item(books: Acme) -> None:
    document = post(books)
    assert document.state == "posted", document.message
    booked = entry(books)
    assert (booked["AmountFC"], booked["VATAmountFC"]) == (D("17.90"), round(D(books.order(1001)["total_tax"]), 2))
    assert (booked["Type"], booked["EntryDate"].date(), booked["Journal"]) == (20, date(2026, 1, 5), "70")
    assert (document.form, document.exact_id, document.exact_number) == (
        "sales_entry",
        booked["EntryID"],
        str(booked["EntryNumber"]),
    )
    for line in booked["SalesEntryLines"]:
        assert line["VATCode"].strip()
        assert line["CostCenter"]
    assert (books.invoices(), books.exact_calls(PRINT)) == ([], 0)


def test_a_known_customers_entry_costs_two_calls(books: Acme) -> None:
    """It is booked, and its lines are read back."""
    post(books)
    before = books.exact_calls()
    books.sandbox.stores.store(STORE).orders[1002].order |= {
        name: books.order(1001)[name] for name in ("customer_id", "billing_address")
    }
    assert post(books, 1002).state == "posted"
    assert books.exact_calls() - before == 2


def test_every_order_of_the_store_is_booked_to_the_cent(books: Acme) -> None:
    orders = books.sandbox.stores.store(STORE).orders
    for order_id in orders:
        books.ring(order_id)
    books.drain(20)
    for order_id, record in orders.items():
        assert books.document(order_id).state == "posted", books.document(order_id).message
        booked = entry(books, order_id)
        assert (booked["AmountFC"], booked["VATAmountFC"]) == (
            books.total(order_id),
            round(D(record.order["total_tax"]), 2),
        )


@pytest.mark.parametrize("kind", UNCLEAR)
def test_after_an_unclear_answer_the_entry_is_found_by_its_transaction_lines(books: Acme, kind: str) -> None:
    books.sandbox.exact.faults.add(kind, "POST", BOOK)
    post(books)
    books.settle()
    document = books.document(1001)
    assert document.state == "posted", document.message
    assert document.exact_id == entry(books)["EntryID"]
    assert books.sandbox.exact.calls.count("GET", LOOK) >= 1


def test_an_entry_that_exact_shows_late_is_not_booked_twice(books: Acme) -> None:
    books.sandbox.exact.faults.add("close_after", "POST", BOOK)
    books.sandbox.exact.faults.add("stale_read", "GET", LOOK, seconds=3600)
    post(books)
    books.settle()
    assert books.document(1001).state == "posted"
    assert books.document(1001).exact_id == entry(books)["EntryID"]


def test_where_two_carry_our_reference_a_person_decides(books: Acme) -> None:
    post(books, 1017)
    typed = type_entry(books, YourRef="NLS-1001")
    books.sandbox.exact.faults.add("close_after", "POST", BOOK)
    post(books)
    books.settle()
    document = books.document(1001)
    assert (document.state, document.reason) == ("blocked", "duplicate")
    assert {row["EntryID"] for row in entries(books, 1001)} > {typed["EntryID"]}
    assert all(row["EntryID"] in document.message for row in entries(books, 1001))


def test_an_entry_that_exact_booked_differently_is_final_and_reported_with_both_figures(books: Acme) -> None:
    books.sandbox.exact.set(vat_off=D("0.01"), keep_own_vat=True)
    document = post(books)
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "17.91 in Exact, 17.90 meant" in document.message
    assert "final in Exact" in document.message
    assert document.exact_id == entry(books)["EntryID"]
    assert books.sandbox.exact.calls.count("DELETE") == 0
    again(books, document)
    assert len(entries(books)) == 1  # what stands there is never booked beside


def test_a_re_post_books_it_again_after_a_person_deleted_it_there(books: Acme) -> None:
    test_an_entry_that_exact_booked_differently_is_final_and_reported_with_both_figures(books)
    books.sandbox.exact.set(vat_off=D(0), keep_own_vat=False)
    wrong = entry(books)["EntryID"]
    delete_entry(books, wrong)
    document = books.document(1001)
    OrderSync.objects.filter(pk=document.pk).update(sent_at="2026-01-05T00:00:00Z")
    again(books, document)
    books.settle()
    document = books.document(1001)
    assert document.state == "posted", document.message
    assert entry(books)["EntryID"] == document.exact_id != wrong


def test_a_line_that_lost_its_vat_code_is_noticed(books: Acme) -> None:
    """Exact accepts it without an error, and the totals are right: there was no VAT."""
    books.sandbox.exact.set(lost_vat_code="6")
    document = post(books, books.order_of_kind("export Switzerland"))
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "VAT code none in Exact, 6 meant" in document.message


def test_a_line_that_lost_its_cost_centre_is_noticed(books: Acme) -> None:
    books.sandbox.exact.set(nulled="CostCenter")
    document = post(books)
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "cost centre none in Exact" in document.message


def test_further_addresses_stand_in_the_first_lines_notes_and_none_is_made(books: Acme) -> None:
    """An entry has no remarks and no delivery address."""
    order_id = books.order_of_kind("two shipping addresses")
    assert post(books, order_id).state == "posted"
    first, *others = books.sandbox.exact.entries(DIVISION)[-1]["SalesEntryLines"]
    assert "Also delivered to: " in first["Notes"]
    assert not any("Also delivered to" in (line.get("Notes") or "") for line in others)
    assert books.sandbox.exact.calls.count("POST", "*crm/Addresses") == 0


def test_a_right_that_is_missing_after_the_booking_says_that_it_is_booked(books: Acme) -> None:
    books.sandbox.exact.faults.add("403:scope", "GET", "*salesentry/SalesEntryLines")
    document = post(books)
    assert (document.state, document.reason) == ("blocked", "internal")
    assert f"Sales entry {document.exact_number} is booked in Exact." in document.message
    assert again(books, document).state == "posted"
    assert len(entries(books)) == 1


def test_without_an_exchange_rate_the_booked_entry_is_reported(books: Acme) -> None:
    books.sandbox.stores.store(STORE).orders[1001].order["default_currency_code"] = "USD"
    books.sandbox.exact.set_rate("USD", date(2026, 1, 5), None)
    document = post(books)
    assert (document.state, document.reason) == ("blocked", "currency")
    assert "It is booked. Enter the rate in Exact and delete the entry there" in document.message
    assert len(entries(books)) == 1


def test_a_closed_period_costs_one_refusal_and_books_nothing(books: Acme) -> None:
    books.sandbox.exact.divisions[DIVISION].closed_periods = {(2026, 1)}
    document = post(books)
    assert (document.state, document.reason, document.exact_id) == ("blocked", "period", "")
    before = books.exact_calls()
    assert post(books, 1002).reason == "period"
    assert (entries(books), books.exact_calls()) == ([], before)


def test_the_first_open_day_is_taken_with_the_true_date_in_the_description(books: Acme) -> None:
    Connection.objects.update(closed_period="first_open")
    books.sandbox.exact.divisions[DIVISION].closed_periods = {(2026, 1)}
    post(books)
    books.drain()
    document = books.document(1001)
    assert document.state == "posted", document.message
    assert entry(books)["EntryDate"].date() == date(2026, 2, 1)
    assert "2026-01-05" in entry(books)["Description"]


def test_two_other_days_are_tried_and_no_fourth_refusal_is_spent(books: Acme) -> None:
    Connection.objects.update(closed_period="first_open")
    books.sandbox.exact.divisions[DIVISION].closed_periods = {(2026, month) for month in range(1, 11)}
    post(books)
    books.drain()
    document = books.document(1001)
    assert (document.state, document.reason) == ("blocked", "period")
    assert books.sandbox.exact.calls.count("POST", BOOK) == 3


def test_a_refund_is_booked_as_a_credit_entry(books: Acme) -> None:
    Connection.objects.update(refunds="credit")
    order_id = books.order_of_kind("two VAT rates")
    assert post(books, order_id).state == "posted"
    shop = books.sandbox.stores.store(STORE)
    line = shop.orders[order_id].products[0]
    refund = shop.refund(order_id, {line["id"]: line["quantity"]})
    books.ring(order_id, "store/order/updated")
    books.drain()
    (credit,) = books.credits(order_id)
    assert (credit.state, credit.form) == ("posted", "sales_entry"), credit.message
    (note,) = [row for row in entries(books) if row["YourRef"] == f"NLS-{order_id}-C{refund['id']}"]
    assert (note["Type"], note["AmountFC"]) == (21, -D(str(refund["total_amount"])))
    assert note["VATAmountFC"] == -D(str(refund["total_tax"]))
    assert note["Customer"] == entry(books, order_id)["Customer"]


def test_an_entry_that_the_books_name_and_that_is_not_shown_is_not_booked_again(books: Acme) -> None:
    books.sandbox.exact.faults.add("close_after", "POST", BOOK)
    books.sandbox.exact.faults.add("403:scope", "GET", LOOK)
    post(books)
    hidden = entry(books)["EntryID"]
    row = books.sandbox.exact.remove(DIVISION, SALES_ENTRIES, hidden)
    books.settle()
    assert (books.document(1001).state, entries(books)) == ("uncertain", [])
    books.sandbox.exact.put_back(DIVISION, SALES_ENTRIES, hidden, row)
    books.settle()
    assert (books.document(1001).state, books.document(1001).exact_id) == ("posted", hidden)


def test_receipts_name_the_entrys_number(acme: Acme) -> None:
    with_entries(acme, payments={"mode": "receipts", "journal": "25"})
    assert post(acme).state == "posted"
    receipt = OrderSync.objects.get(order_id=1001, kind="receipt")
    assert receipt.state == "posted", receipt.message
    (booked,) = acme.sandbox.exact.receipts(DIVISION)
    assert {line["OurRef"] for line in booked["BankEntryLines"]} == {entry(acme)["EntryNumber"]}


def test_an_approved_entry_is_booked_as_it_was_shown(books: Acme) -> None:
    Connection.objects.update(mode="approval")
    document = post(books)
    assert (document.state, document.form) == ("awaiting_approval", "sales_entry")
    approve(document, None, WHY)
    books.drain()
    assert books.document(1001).state == "posted"
    assert entry(books)["AmountFC"] == D("17.90")


def test_no_template_is_needed_and_no_item(acme: Acme) -> None:
    none = dict.fromkeys(("default", "shipping", "handling", "wrapping", "fee", "gift_certificate", "rounding"), "")
    with_entries(acme, invoice_template="", items=none)
    assert post(acme).state == "posted"


def test_a_code_that_includes_vat_is_refused_when_the_connection_is_set_up(acme: Acme) -> None:
    with pytest.raises(Refused, match="VAT code '2' includes VAT, and sales entries need codes that exclude it"):
        with_entries(acme, vat=[{"when": {"country": "NL", "rate": "21"}, "code": "2"}])


def test_the_connection_test_tries_the_rights_that_entries_need(books: Acme) -> None:
    found = check(books.connection)
    assert passed(found)
    names = {finding.name for finding in found}
    assert {"right to read sales entries", "right to read transaction lines"} <= names
    assert "right to read invoices" not in names


def test_the_preview_says_that_it_is_an_entry(books: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    before = books.exact_calls()
    call_command("preview", "--tenant", "demo", "--store", STORE, "--order", "1001")
    assert "Sales entry NLS-1001" in capsys.readouterr().out
    assert books.exact_calls() == before
