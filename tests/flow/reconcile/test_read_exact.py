"""Every document of ours in Exact is found and compared, whatever its form, date and sign."""

from datetime import date, datetime

import pytest

from connector.flow.actions.link import link
from connector.flow.reconcile.other_form import in_words
from connector.models import Discrepancy, OrderSync
from connector.sandbox.exact.entries import SALES_ENTRIES
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import INVOICES, WHY
from tests.flow.entries import change_entry, entry, type_entry, with_entries
from tests.flow.reconcile.books import CENT, LINES, change, copy, delete, found, one, recode, run
from tests.flow.reconcile.conftest import KEPT, shop_of


@pytest.fixture
def booked(acme: Acme) -> Acme:
    """Acme with twelve orders, booked as sales entries."""
    with_entries(acme)
    shop = shop_of(acme)
    for order_id in [number for number in shop.orders if number not in {*KEPT, 1017}]:
        shop.delete(order_id)
    shop.refunds.clear()
    for order_id in [*KEPT, 1017]:
        acme.ring(order_id)
    acme.drain(20)
    acme.connection.refresh_from_db()
    return acme


def test_sales_entries_are_compared_as_invoices_are(booked: Acme) -> None:
    before = booked.exact_calls()
    assert run(booked).complete
    assert booked.exact_calls() - before == 2
    row = entry(booked, 1001)
    booked.sandbox.exact.change(DIVISION, SALES_ENTRIES, row["EntryID"], AmountFC=row["AmountFC"] + CENT)
    booked.sandbox.exact.remove(DIVISION, SALES_ENTRIES, entry(booked, 1002)["EntryID"])
    type_entry(booked, YourRef="NLS-1003")
    assert found(run(booked)) == [("amount", 1001), ("deleted", 1002), ("duplicate", 1003)]


def test_an_invoice_that_was_opened_again_or_goes_to_another_account_is_found(posted: Acme) -> None:
    change(posted, 1001, Status=20)
    change(posted, 1002, OrderedBy=posted.invoice(1009)["OrderedBy"])
    change(posted, 1003, InvoiceTo=posted.invoice(1009)["OrderedBy"])
    change(posted, 1004, Currency="USD")
    done = run(posted)
    assert found(done) == [("state", 1001), ("account", 1002), ("account", 1003), ("currency", 1004)]
    assert (one(done, "state").expected, one(done, "state").found) == ("final", "open")


def test_the_lines_are_read_where_a_page_did_not_have_all_of_them(posted: Acme) -> None:
    """Here Exact's header has other VAT than its lines, so they are asked for, and the VAT differs."""
    invoice = posted.invoice(1001)
    change(posted, 1001, VATAmountFC=invoice["VATAmountFC"] + CENT, AmountFCExclVat=invoice["AmountFCExclVat"] - CENT)
    before = posted.exact_calls(f"*{LINES}*")
    assert found(run(posted)) == [("vat", 1001)]
    assert posted.exact_calls(f"*{LINES}*") - before == 1


def test_many_documents_that_are_dated_elsewhere_are_read_by_their_day(
    posted: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.flow.reconcile.read_exact.BY_DAY", 5)
    for order_id in KEPT:
        change(posted, order_id, InvoiceDate=datetime.fromisoformat("2026-03-03"))
        row = posted.document(order_id)
        row.exact_data = {**(row.exact_data or {}), "date": "2026-03-03"}  # booked on the first open day
        row.save()
    done = run(posted, date(2026, 1, 1), date(2026, 1, 31))
    assert (done.complete, done.calls_exact) == (True, 3)


def test_an_order_that_is_gone_from_the_store_leaves_a_document_without_one(posted: Acme) -> None:
    shop_of(posted).delete(1001)
    done = run(posted)
    assert found(done) == [("missing_order", 1001)]
    assert done.figures["orders"] == 11


def test_an_archived_order_is_still_there(posted: Acme) -> None:
    shop_of(posted).archive(1001)
    done = run(posted)
    assert done.complete
    assert done.figures["store"] == done.figures["exact"]
    assert (done.figures["orders"], done.figures["buckets"]) == (12, {"posted": {"": 12}})


def test_documents_that_were_changed_since_are_compared_whatever_their_date(posted: Acme) -> None:
    first = run(posted, date(2026, 1, 1), date(2026, 1, 31), drift_since="")
    assert first.figures["modified"]
    posted.sandbox.exact.advance(60)
    change(posted, 1001, InvoiceDate=datetime.fromisoformat("2026-02-01"))
    quiet = run(posted, date(2026, 3, 1), date(2026, 3, 31))
    assert found(quiet) == []
    watching = run(posted, date(2026, 4, 1), date(2026, 4, 30), drift_since=first.figures["modified"])
    assert found(watching) == [("date", 1001)]
    assert OrderSync.objects.get(order_id=1001).state == "posted"  # shown, never overwritten
    assert posted.invoice(1001)["InvoiceDate"].date() == date(2026, 2, 1)


@pytest.mark.parametrize("reference", ["PO 77", "", "NLS-1002"])
def test_a_reference_that_was_changed_in_exact_is_a_difference(posted: Acme, reference: str) -> None:
    """By it a document is looked for before it is posted again."""
    change(posted, 1001, YourRef=reference)
    row = one(run(posted), "reference")
    assert (row.order_id, row.expected, row.found, row.remedy) == (1001, "NLS-1001", reference, "correct")


def test_the_watch_finds_what_was_changed_under_another_reference(posted: Acme) -> None:
    """Of an invoice that was typed in and linked, and of one whose reference is not ours any more."""
    change(posted, 1001, YourRef="PO 77")
    row = posted.document(1001)
    OrderSync.objects.filter(pk=row.pk).update(draft=None, state="blocked", reason="mapping", exact_id="")
    row.refresh_from_db()
    link(row, row.exact_number, None, WHY)
    row.refresh_from_db()
    first = run(posted, drift_since="")
    assert first.complete, found(first)
    posted.sandbox.exact.advance(60)
    amount = next(each["AmountFC"] for each in posted.invoices() if each["InvoiceID"] == row.exact_id)
    posted.sandbox.exact.change(DIVISION, INVOICES, row.exact_id, AmountFC=amount + CENT)
    change(posted, 1002, YourRef="PO 78")
    watching = run(posted, date(2026, 4, 1), date(2026, 4, 30), drift_since=first.figures["modified"])
    assert found(watching) == [("amount", 1001), ("reference", 1002)]


def test_the_watch_finds_an_entry_that_was_changed_under_another_reference(booked: Acme) -> None:
    first = run(booked, drift_since="")
    booked.sandbox.exact.advance(60)
    change_entry(booked, 1001, YourRef="PO 77")
    type_entry(booked, YourRef="PO 79")  # somebody else's
    before = booked.exact_calls()
    watching = run(booked, date(2026, 4, 1), date(2026, 4, 30), drift_since=first.figures["modified"])
    assert found(watching) == [("reference", 1001)]
    assert booked.exact_calls() - before == 5  # both forms, twice, and the one that is known


def test_where_others_changed_very_much_the_watch_looks_for_our_reference(
    booked: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(booked, drift_since="")
    booked.sandbox.exact.advance(60)
    change_entry(booked, 1001, YourRef="PO 77")
    change_entry(booked, 1002, AmountFC=entry(booked, 1002)["AmountFC"] + CENT)
    for name in ("read_exact", "run"):
        monkeypatch.setattr(f"connector.flow.reconcile.{name}.MOST_CHANGED", 1)
    watching = run(booked, date(2026, 4, 1), date(2026, 4, 30), drift_since=first.figures["modified"])
    assert found(watching) == [("amount", 1002)]
    assert "by our reference alone" in in_words(watching.figures)


def test_a_credit_note_is_negative_whatever_sign_exact_gives_it(posted: Acme) -> None:
    shop_of(posted).refund(1001)
    posted.ring(1001, "store/order/refund/created")
    posted.settle()
    (note,) = posted.credits(1001)
    row = posted.in_exact(1001)[note.reference]
    assert run(posted).complete
    amounts = {name: -row[name] for name in ("AmountFC", "AmountFCExclVat", "VATAmountFC")}
    posted.sandbox.exact.change(DIVISION, INVOICES, row["InvoiceID"], **amounts)
    for line in row["SalesInvoiceLines"]:
        posted.sandbox.exact.change(
            DIVISION, LINES, line["ID"], AmountFC=-line["AmountFC"], VATAmountFC=-line["VATAmountFC"]
        )
    assert run(posted).complete


def test_an_invoice_that_copies_an_entry_is_found_by_its_reference(booked: Acme) -> None:
    item = next(iter(booked.sandbox.exact.divisions[DIVISION].table("logistics/Items")))
    line = {"Item": item, "Quantity": 1, "NetPrice": 10}
    booked.sandbox.exact.create(
        DIVISION,
        INVOICES,
        OrderedBy=entry(booked, 1001)["Customer"],
        Journal="70",
        YourRef="NLS-1001",
        SalesInvoiceLines=[line],
    )
    assert found(run(booked)) == [("duplicate", 1001)]


def test_an_entry_that_copies_an_invoice_is_found_by_its_reference(posted: Acme) -> None:
    """An entry that Exact itself made of a printed invoice has the invoice's number, and is none."""
    invoice = posted.invoice(1001)
    typed = posted.sandbox.exact.create(
        DIVISION,
        SALES_ENTRIES,
        Customer=invoice["OrderedBy"],
        Journal="70",
        YourRef="NLS-1001",
        EntryDate="2026-01-05T00:00:00",
        SalesEntryLines=[{"AmountFC": "17.90", "GLAccount": invoice["SalesInvoiceLines"][0]["GLAccount"]}],
    )
    assert found(run(posted)) == [("duplicate", 1001)]
    posted.sandbox.exact.change(DIVISION, SALES_ENTRIES, typed["EntryID"], EntryNumber=invoice["InvoiceNumber"])
    assert run(posted).complete


def test_a_document_that_a_person_left_in_exact_differs_until_it_is_gone(posted: Acme) -> None:
    row = posted.document(1001)
    OrderSync.objects.filter(pk=row.pk).update(state="skipped", reason="person")
    done = run(posted)
    assert found(done) == [("state", 1001)]
    difference = one(done, "state")
    assert (difference.expected, difference.found, difference.remedy) == ("skipped", row.exact_number, "explain")
    assert done.figures["buckets"]["skipped"] == {"person": 1}
    posted.sandbox.exact.remove(DIVISION, INVOICES, row.exact_id)
    assert run(posted).complete


def test_an_open_copy_without_a_date_is_found_in_the_period_of_its_order(posted: Acme) -> None:
    posted.sandbox.exact.change(DIVISION, INVOICES, copy(posted, 1001), InvoiceDate=None)
    assert found(run(posted, date(2026, 1, 5), date(2026, 1, 5))) == [("duplicate", 1001)]
    assert run(posted, date(2026, 2, 1), date(2026, 2, 28)).complete


def test_an_open_document_without_a_date_is_compared_in_the_period_of_its_order(posted: Acme) -> None:
    change(posted, 1001, InvoiceDate=None, Currency="USD")
    assert found(run(posted, date(2026, 1, 5), date(2026, 1, 5))) == [("currency", 1001)]
    assert run(posted, date(2026, 2, 1), date(2026, 2, 28)).complete


def test_a_copy_of_an_order_that_expired_loses_neither_its_country_nor_its_absence(posted: Acme) -> None:
    before = run(posted)
    OrderSync.objects.update(order_data=None)
    after = run(posted)
    assert (after.complete, after.figures["exact"]) == (True, before.figures["exact"])
    assert after.figures["store"] == after.figures["exact"]
    shop_of(posted).delete(1001)
    assert found(run(posted)) == [("missing_order", 1001)]
    OrderSync.objects.filter(order_id=1001).update(draft=None)  # linked: its order's day is not known any more
    assert found(run(posted)) == [("missing_order", 1001)]
    shop_of(posted).archive(1002)
    OrderSync.objects.filter(order_id=1002).update(draft=None)
    done = run(posted)
    assert found(done) == [("missing_order", 1001)]
    assert done.figures["buckets"] == {"posted": {"": 11}}


def test_a_document_without_a_known_day_is_of_the_period_of_its_order(posted: Acme) -> None:
    OrderSync.objects.filter(order_id=1001).update(order_data=None, draft=None)
    change(posted, 1001, InvoiceDate=datetime.fromisoformat("2026-02-03"))
    done = run(posted, date(2026, 2, 1), date(2026, 2, 28))
    assert (done.figures["documents"], done.figures["store"], done.figures["exact"]) == (0, {}, {})


def test_whom_it_is_invoiced_to_is_not_who_ordered_it(posted: Acme) -> None:
    row, other = posted.document(1001), posted.invoice(1009)["OrderedBy"]
    change(posted, 1001, InvoiceTo=other)
    OrderSync.objects.filter(pk=row.pk).update(exact_data={**(row.exact_data or {}), "invoice_to": other})
    assert run(posted).complete
    change(posted, 1001, InvoiceTo=posted.invoice(1001)["OrderedBy"])
    assert found(run(posted)) == [("account", 1001)]


def test_a_line_that_was_booked_on_another_gl_account_is_a_difference_of_the_account(posted: Acme) -> None:
    line = posted.invoice(1001)["SalesInvoiceLines"][0]
    accounts = posted.sandbox.exact.divisions[DIVISION].table("financial/GLAccounts")
    other = next(key for key in accounts if key != line["GLAccount"])
    code = accounts[other]["Code"].strip()
    posted.sandbox.exact.change(DIVISION, LINES, line["ID"], GLAccount=other)
    row = one(run(posted), "account")
    assert (row.order_id, row.remedy) == (1001, "correct")
    assert f"{code}: 10.70" in row.found
    assert code not in row.expected


def test_an_amount_that_was_accepted_hides_no_vat_that_changes_later(posted: Acme) -> None:
    invoice = posted.invoice(1001)
    change(posted, 1001, AmountFC=invoice["AmountFC"] + CENT)
    Discrepancy.objects.filter(run=run(posted)).update(state="accepted", reason="a rounding in Exact")
    assert run(posted).complete
    vat = invoice["VATAmountFC"] - 3
    change(posted, 1001, VATAmountFC=vat, AmountFCExclVat=invoice["AmountFC"] + CENT - vat)
    assert found(run(posted)) == [("amount", 1001)]


def test_a_vat_code_of_a_linked_document_that_changes_is_found(posted: Acme) -> None:
    """It has no draft: it is compared with what Exact had when a person linked it."""
    row = posted.document(1001)
    OrderSync.objects.filter(pk=row.pk).update(draft=None, state="blocked", reason="mapping", exact_id="")
    row.refresh_from_db()
    link(row, str(posted.invoice(1001)["InvoiceNumber"]), None, WHY)
    done = run(posted)
    assert (done.complete, done.figures["store"]) == (True, done.figures["exact"])
    recode(posted, 1001, "1")
    assert found(run(posted)) == [("vat", 1001)]


def test_a_direct_invoice_is_found_among_the_sales_invoices(posted: Acme) -> None:
    OrderSync.objects.filter(order_id=1001).update(form="direct_invoice")
    delete(posted, 1002)
    assert found(run(posted)) == [("deleted", 1002)]
    delete(posted, 1001)
    assert found(run(posted)) == [("deleted", 1001), ("deleted", 1002)]
