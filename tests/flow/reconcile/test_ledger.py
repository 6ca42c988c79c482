"""What the ledger says of a document: by its draft, else by what Exact answered when it was linked."""

from datetime import date
from decimal import Decimal as D
from typing import Any

from connector.domain.document.reconcile import Side
from connector.flow.reconcile import ledger
from tests.factories import OrderSyncFactory

KEPT = {"account": "A", "invoice_to": "B", "date": "2026-01-05", "printed": True, "gross": "12.1", "vat": "2.1"}


def side(**facts: Any) -> Side:
    return ledger.side_of(OrderSyncFactory.build(posted=True, currency="EUR", **facts))


def test_a_printed_document_has_a_date_and_is_final() -> None:
    found = side(exact_data=KEPT, total=D("12.10"))
    assert (found.gross, found.vat, found.dated, found.final) == (D("12.1"), D("2.1"), date(2026, 1, 5), True)
    assert (found.account, found.invoice_to) == ("a", "b")


LINE = {"vat_code": "2", "gl_account": "G1", "net": "10", "vat": "2.1"}


def test_one_that_was_linked_has_the_codes_and_accounts_of_its_lines_then() -> None:
    found = side(exact_data=KEPT | {"net": "10", "lines": [LINE]})
    assert (found.codes, found.gl_accounts, found.lines) == ({"2": (D("10"), D("2.1"))}, {"g1": D("10")}, 1)
    without = side(exact_data=KEPT | {"net": "10", "lines": [LINE | {"gl_account": ""}]})
    assert (without.codes, without.gl_accounts) == (found.codes, {})
    some = side(exact_data=KEPT | {"net": "11", "lines": [LINE]})  # not all of its lines were read
    assert (some.codes, some.gl_accounts) == ({}, {})


def test_one_that_was_accepted_is_as_it_was_then_whatever_its_draft_says() -> None:
    draft = {"gross": "12.1", "net": "10", "vat": "2.1", "lines": [LINE | {"vat_code": "9"}]}
    kept = KEPT | {"net": "10", "lines": [LINE]}
    assert set(side(draft=draft, exact_data=kept).codes) == {"9"}
    assert set(side(draft=draft, exact_data=kept | {"accepted": True}).codes) == {"2"}


def test_a_credit_note_that_was_linked_is_negative() -> None:
    found = side(kind="credit", sequence=31, exact_data=KEPT | {"net": "10", "lines": [LINE]})
    assert (found.gross, found.vat, found.codes) == (D("-12.1"), D("-2.1"), {"2": (D("-10"), D("-2.1"))})


def test_one_that_was_left_open_may_be_dated_and_printed_by_a_person() -> None:
    found = side(exact_data=KEPT | {"printed": False})
    assert (found.dated, found.final) == (None, False)


def test_without_anything_kept_the_ledgers_total_counts() -> None:
    found = side(exact_data=None, total=D("5.00"))
    assert (found.gross, found.vat, found.codes) == (D("5.00"), None, {})


def test_documents_of_an_order_come_together(db: None) -> None:
    invoice = OrderSyncFactory.create(posted=True, order_id=7, order_data={"order": {"payment_method": "iDEAL"}})
    facts = {"connection": invoice.connection, "order_id": 7, "kind": "credit"}
    for sequence in (0, -1, 31):
        OrderSyncFactory.create(sequence=sequence, **facts)
    OrderSyncFactory.create(connection=invoice.connection, order_id=7, kind="receipt")
    found = ledger.of_orders(invoice.connection_id, [7])[7]
    assert found.last == invoice
    assert [row.sequence for row in found.of_the_sale] == [1, 0, -1]
    assert list(found.refunds) == [31]
    assert ledger.facts_of(found.last) == ledger.Facts(None, None, "", "iDEAL")
