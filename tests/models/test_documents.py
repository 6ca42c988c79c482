"""A document of an order: what it is called, and the rows that are made for it."""

from datetime import UTC, datetime
from decimal import Decimal
from gettext import NullTranslations

import pytest
from django.utils.translation import override, trans_real

from connector.domain.choices import DocumentForm, DocumentKind
from connector.flow.clock import database_now
from connector.flow.invoice import exact_document
from connector.flow.ledger import transitions, unclear
from connector.models import Connection, OrderSync
from connector.models.kept_words import english
from tests.acme import Acme

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Shouted(NullTranslations):
    """Another language."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def to_language(self) -> str:
        return "xx"


def connection(form: DocumentForm = DocumentForm.SALES_INVOICE) -> Connection:
    return Connection(pk=1, division_id=2, document=form)


def posted_invoice() -> OrderSync:
    return OrderSync(
        pk=7,
        connection=connection(),
        division_id=2,
        order_id=1001,
        currency="EUR",
        customer="Anna Bakker",
        email="anna@shop.example",
        order_data={"order": {"id": 1001}},
        exact_id="a-guid",
    )


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, "invoice of order 1001"),
        ({"exact_id": "a-Guid"}, "invoice a-Guid"),
        ({"exact_id": "a-Guid", "exact_number": "26700091"}, "invoice 26700091"),
        ({"kind": DocumentKind.CREDIT}, "credit note of order 1001"),
        ({"form": DocumentForm.SALES_ENTRY, "exact_number": "26700091"}, "sales entry 26700091"),
        ({"kind": DocumentKind.RECEIPT, "form": DocumentForm.SALES_ENTRY}, "receipt of order 1001"),
    ],
)
def test_its_title_is_its_number_in_exact_or_its_order(fields: dict[str, str], title: str) -> None:
    document = OrderSync(order_id=1001, **fields)
    assert document.title == title
    assert document.heading == title[0].upper() + title[1:]


@pytest.mark.parametrize(
    ("kind", "form", "word"),
    [
        ("invoice", "sales_invoice", "invoice"),
        ("invoice", "sales_entry", "sales entry"),
        ("credit", "sales_invoice", "credit note"),
        ("credit", "sales_entry", "credit entry"),
        ("receipt", "sales_invoice", "receipt"),
    ],
)
def test_a_problem_names_it_in_english_and_a_page_in_the_language_of_its_reader(
    kind: str, form: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = OrderSync(kind=kind, form=form)
    english = trans_real.translation
    monkeypatch.setattr(trans_real, "translation", lambda name: Shouted() if name == "xx" else english(name))
    with override("xx"):
        assert exact_document.in_exact(document)["noun"] == unclear.left(document)["noun"] == word
        assert document.noun == word.upper()


def test_an_invoice_is_of_the_form_and_the_division_of_its_connection() -> None:
    row = OrderSync.invoice_row(connection(DocumentForm.SALES_ENTRY), 1001, due_at=NOW, request="9f")
    assert (row.order_id, row.kind, row.sequence, row.form) == (1001, "invoice", 1, "sales_entry")
    assert (row.connection_id, row.division_id, row.next_attempt_at, row.state) == (1, 2, NOW, "pending")


def test_a_credit_note_credits_its_invoice_and_keeps_the_refund() -> None:
    row = OrderSync.credit_note_row(
        posted_invoice(), 31, Decimal("-9.995"), due_at=NOW, request="9f", refund={"id": 31}
    )
    assert (row.kind, row.sequence, row.total, row.currency) == ("credit", 31, Decimal("-10.00"), "EUR")
    assert row.original_id == 7
    assert row.order_data == {"order": {"id": 1001}, "refund": {"id": 31}}
    assert (row.customer, row.email, row.exact_id) == ("Anna Bakker", "anna@shop.example", "")


def test_a_receipt_names_the_customer_of_its_invoice() -> None:
    row = OrderSync.receipt_row(posted_invoice(), 0, due_at=NOW, request="9f")
    assert (row.kind, row.sequence, row.currency, row.customer) == ("receipt", 0, "EUR", "Anna Bakker")
    assert (row.order_id, row.order_data, row.original_id) == (1001, None, None)


def test_its_history_begins_with_the_newest(acme: Acme) -> None:
    document = OrderSync.invoice_row(acme.connection, 1, due_at=database_now(), request="9f")
    document.save()
    transitions.note(document, english("First."))
    transitions.note(document, english("Second."))
    assert [event.text for event in document.history] == ["Second.", "First."]
