"""After the invoice is made: totals are compared before it is printed, and its id is always kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Printed
from connector.domain.document.states import State
from connector.flow.ledger import transitions
from connector.models import Alert
from connector.models.kept_words import english
from tests.acme import DIVISION, Acme

INVOICES, PRINTED = "*salesinvoice/SalesInvoices*", "*salesinvoice/PrintedSalesInvoices*"


def re_post(acme: Acme, order_id: int) -> None:
    """What a person does with a held document."""
    transitions.move(acme.document(order_id), State.PENDING, english("Put right."), attempts=0)
    acme.drain()


def test_the_invoice_is_printed_with_the_connections_template(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = ExactClient.print_invoice

    def watched(client: ExactClient, *args: Any, **kwargs: Any) -> Printed:
        asked.append(kwargs["layout_id"])
        return real(client, *args, **kwargs)

    monkeypatch.setattr(ExactClient, "print_invoice", watched)
    acme.ring(1001)
    acme.drain()
    layouts = acme.sandbox.exact.divisions[DIVISION].table("salesinvoice/Layouts")
    assert asked == [str(key) for key, row in layouts.items() if row["Subject"] == "Webshop"]


def test_the_history_names_what_exact_made_by_its_number_or_else_its_id(acme: Acme) -> None:
    """An open invoice has no number yet."""
    acme.connection.finalize = False
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    name, said = document.exact_number or document.exact_id, list(document.history.values_list("text", flat=True))
    assert f"Exact made invoice {name} as NLS-1001." in said
    assert f"Posted as invoice {name}, 17.90 EUR." in said


def test_a_template_that_is_gone_is_found_before_anything_is_made(acme: Acme) -> None:
    acme.connection.division.master_data.filter(kind="layout").delete()
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "mapping")
    assert "Webshop" in document.message
    assert acme.invoices() == []


def test_other_totals_in_exact_are_never_printed(acme: Acme) -> None:
    acme.sandbox.exact.change(DIVISION, "vat/VATCodes", vat_code_id(acme, "2"), Percentage=Decimal("0.20"))
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason, document.exact_id) == ("blocked", "totals", "")
    assert "VAT 2.99 in Exact, 3.11 meant" in document.message
    assert acme.invoices() == []
    assert acme.exact_calls(PRINTED) == 0


def test_a_refused_print_keeps_the_id_and_says_that_it_is_open_in_exact(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("400:Ongeldig: Verzendwijze", "POST", "*/PrintedSalesInvoices")
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "rejected")
    assert document.exact_id == acme.invoice(1001)["InvoiceID"]
    assert "open in Exact, not printed" in document.message


def test_after_a_refused_print_a_re_post_prints_the_same_invoice(acme: Acme) -> None:
    test_a_refused_print_keeps_the_id_and_says_that_it_is_open_in_exact(acme)
    re_post(acme, 1001)
    assert acme.document(1001).state == "posted"
    assert acme.invoice(1001)["Status"] == 50


def test_an_invoice_deleted_in_exact_before_it_was_printed_is_drift(acme: Acme) -> None:
    test_a_refused_print_keeps_the_id_and_says_that_it_is_open_in_exact(acme)
    with acme.sandbox.exact.lock:
        acme.sandbox.exact.divisions[DIVISION].table("salesinvoice/SalesInvoices").clear()
    re_post(acme, 1001)
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "drift")
    assert acme.invoices() == []


def test_a_journal_that_numbers_at_printing_leaves_the_number_open(acme: Acme) -> None:
    acme.connection.journal = "71"
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert acme.document(1001).exact_number == ""
    assert acme.invoice(1001)["InvoiceNumber"]


def vat_code_id(acme: Acme, code: str) -> str:
    return acme.sandbox.exact.id_of(DIVISION, "vat/VATCodes", code)


def test_an_invoice_without_its_pdf_is_posted_and_makes_an_alert(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ExactClient.print_invoice

    def without_pdf(client: ExactClient, *args: Any, **kwargs: Any) -> Printed:
        return replace(real(client, *args, **kwargs), document_error="The layout cannot be read.")

    monkeypatch.setattr(ExactClient, "print_invoice", without_pdf)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert "The layout cannot be read." in Alert.objects.get().text


@pytest.mark.parametrize(("setting", "dated"), [("order", date(2026, 1, 5)), ("post", None)])
def test_the_invoice_is_dated_as_the_connection_says(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, setting: str, dated: date | None
) -> None:
    acme.connection.invoice_date = setting
    acme.connection.save()
    asked: list[object] = []
    real = ExactClient.print_invoice

    def watched(client: ExactClient, *args: Any, **kwargs: Any) -> Printed:
        asked.append(kwargs["invoice_date"])
        return real(client, *args, **kwargs)

    monkeypatch.setattr(ExactClient, "print_invoice", watched)
    acme.ring(1001)
    acme.drain()
    assert asked == [dated]
