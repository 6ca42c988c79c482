"""The setting `document` is changed while orders are on their way, or a person typed the other form by hand."""

from typing import Any

from pytest_django.fixtures import Settings

from connector.flow.actions.link import link
from connector.models import Connection, MasterData, OrderSync, SyncEvent
from tests.acme import DIVISION, STORE, Acme
from tests.flow.actions.test_link import type_invoice
from tests.flow.by_hand import CREATE, INVOICES, WHY, post
from tests.flow.entries import entries, type_entry, with_entries

BOOK, LOOK = "*salesentry/SalesEntries", "*financialtransaction/TransactionLines"


def test_an_invoice_is_credited_as_an_invoice_after_the_setting_changed(acme: Acme) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    assert post(acme, order_id).state == "posted"
    with_entries(acme, refunds="credit")
    shop = acme.sandbox.stores.store(STORE)
    refund = shop.refund(order_id, {shop.orders[order_id].products[0]["id"]: 1})
    acme.ring(order_id, "store/order/updated")
    acme.drain()
    (credit,) = acme.credits(order_id)
    assert (credit.state, credit.form) == ("posted", "sales_invoice"), credit.message
    assert acme.in_exact(order_id)[f"NLS-{order_id}-C{refund['id']}"]["Type"] == 8021
    assert post(acme, 1001).form == "sales_entry"


def test_what_was_begun_as_an_invoice_is_looked_for_as_one_after_the_setting_changed(
    acme: Acme, settings: Settings
) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 120
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    assert post(acme).state == "uncertain"
    with_entries(acme)
    acme.settle()
    document = acme.document(1001)
    assert (document.state, document.form) == ("posted", "sales_invoice"), document.message
    assert (len(acme.invoices(1001)), entries(acme)) == (1, [])


def refused(acme: Acme, path: str) -> OrderSync:
    """Order 1001, whose document Exact clearly refused to make."""
    acme.sandbox.exact.faults.add("403:scope", "POST", path)
    document = post(acme)
    assert (document.state, document.reason, document.exact_id) == ("blocked", "internal", "")
    return document


def test_what_was_refused_as_an_invoice_becomes_an_entry_when_the_setting_says_so(acme: Acme) -> None:
    refused(acme, CREATE)
    with_entries(acme)  # what was held is let go by this
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).form) == ("posted", "sales_entry")
    assert (acme.invoices(1001), len(entries(acme, 1001))) == ([], 1)


def test_what_was_refused_as_an_entry_becomes_an_invoice_when_the_setting_is_taken_back(books: Acme) -> None:
    refused(books, BOOK)
    books.configure()
    books.drain()
    assert (books.document(1001).state, books.document(1001).form) == ("posted", "sales_invoice")
    assert (len(books.invoices(1001)), entries(books)) == (1, [])


def test_where_exact_has_the_invoice_all_the_same_no_entry_is_booked_beside_it(acme: Acme) -> None:
    """The refusal was wrong: Exact has an invoice with our reference."""
    post(acme, 1017)
    document = refused(acme, CREATE)
    theirs = acme.invoices(1017)[0]
    acme.sandbox.exact.create(
        DIVISION,
        INVOICES,
        OrderedBy=theirs["OrderedBy"],
        Journal="70",
        YourRef="NLS-1001",
        SalesInvoiceLines=[
            {
                "Item": line["item_id"],
                "Quantity": line["quantity"],
                "NetPrice": line["net_price"],
                "VATCode": line["vat_code"],
                "GLAccount": line["gl_account_id"],
                "CostCenter": line["cost_center"],
            }
            for line in (document.draft or {})["lines"]
        ],
    )
    with_entries(acme, vat=acme.file["connections"][0]["vat"])
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.form) == ("posted", "sales_invoice"), document.message
    assert (len(acme.invoices(1001)), entries(acme)) == (1, [])


def test_an_invoice_that_was_typed_by_hand_is_linked_on_a_connection_of_entries(acme: Acme) -> None:
    """And credited by hand: no credit entry is worked out from the draft of an entry."""
    post(acme, 1017)
    with_entries(acme, refunds="credit", mode="shadow")
    assert post(acme).form == "sales_entry"
    number = type_invoice(acme, str(acme.total(1001)))
    OrderSync.objects.filter(order_id=1001).update(draft=drafted_without_vat(acme.document(1001)))
    link(acme.document(1001), number, None, WHY)
    document = acme.document(1001)
    assert (document.state, document.form, document.draft) == ("posted", "sales_invoice", None)
    assert "Linked to invoice" in SyncEvent.objects.filter(document=document, kind="action").get().text
    Connection.objects.update(mode="live")
    acme.sandbox.stores.store(STORE).refund(1001)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert (acme.credits(1001), entries(acme)) == ([], [])
    assert "typed by hand" in acme.document(1001).message


def drafted_without_vat(document: OrderSync) -> dict[str, Any]:
    """The draft as if nothing were taxed, as the typed invoice is."""
    draft = document.draft or {}
    return draft | {"net": draft["gross"], "vat": "0.00"}


def test_an_entry_that_was_typed_by_hand_is_linked_by_its_number(books: Acme) -> None:
    post(books, 1017)
    MasterData.objects.filter(kind="vat_code", code="4").delete()
    document = post(books)
    assert document.reason == "mapping"
    typed = type_entry(books)
    link(document, str(typed["EntryNumber"]), None, WHY)
    document = books.document(1001)
    assert (document.state, document.exact_id, document.form) == ("posted", typed["EntryID"], "sales_entry")
