"""Exact's invoice beside the draft: totals, the codes of each line, and the cents that may be corrected.

Order 1001: a mug for 12.95 and shipping for 4.95, 21 % VAT within: 2.25 and 0.86, so 17.90 with 3.11 VAT.
"""

from decimal import Decimal

import pytest

from connector.domain.document.differences import Differs, of_param
from connector.domain.document.result import from_json
from connector.problems.catalogue import sentence
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import post
from tests.flow.invoice.test_verify import LINES, PENNY, held_without_a_trace


def test_where_the_vat_may_be_sent_the_cent_is_corrected_and_the_invoice_printed(acme: Acme) -> None:
    acme.connection.force_vat = True
    acme.connection.save()
    acme.sandbox.exact.set(vat_off=PENNY)
    document = post(acme)
    assert document.state == "posted", document.message
    invoice = acme.invoice(1001)
    assert (invoice["Status"], invoice["AmountFC"], invoice["VATAmountFC"]) == (50, Decimal("17.90"), Decimal("3.11"))
    assert acme.sandbox.exact.calls.count("PUT", LINES) == 1
    noted = document.events.get(text__contains="VAT of line 1 from 2.26 to 2.25")
    (correcting,) = from_json(noted.data["problems"])
    (changed,) = of_param(str(correcting.params["corrections"])) or ()
    assert (changed.what, changed.params) == (Differs.VAT_OF_LINE, {"number": 1, "before": "2.26", "after": "2.25"})
    assert sentence(correcting) == noted.text


def test_two_cents_are_not_corrected(acme: Acme) -> None:
    acme.connection.force_vat = True
    acme.connection.save()
    acme.sandbox.exact.set(vat_off=2 * PENNY)
    held_without_a_trace(acme, post(acme))


def test_a_line_without_vat_code_is_found_although_the_totals_agree(acme: Acme) -> None:
    """Order 1008 is an export: without VAT under code 6, and without VAT under no code at all."""
    acme.sandbox.exact.set(lost_vat_code="6")
    document = post(acme, 1008)
    held_without_a_trace(acme, document)
    assert "line 1: VAT code none in Exact, 6 meant" in document.message


@pytest.mark.parametrize(
    ("nulled", "text"), [("GLAccount", "GL account none in Exact, 8000 meant"), ("CostCenter", "eu-west meant")]
)
def test_an_account_or_cost_centre_that_exact_dropped_is_found(acme: Acme, nulled: str, text: str) -> None:
    acme.sandbox.exact.set(nulled=nulled)
    document = post(acme)
    held_without_a_trace(acme, document)
    assert text in document.message


def test_vat_rounded_once_per_code_where_it_was_thought_to_be_by_line(acme: Acme) -> None:
    """The totals of an order of several lines then differ by a cent, one way or the other."""
    acme.sandbox.exact.divisions[DIVISION].vat_rounding = "code"
    by_line = {order_id: post(acme, order_id) for order_id in range(1001, 1023)}
    held = [document for document in by_line.values() if document.state == "blocked"]
    assert held
    for document in held:
        assert document.reason == "totals", document.message
        assert acme.invoices(document.order_id) == []


def test_prices_rounded_to_cents_in_exact_are_found(acme: Acme) -> None:
    """Order 1026 has a price of four decimals, which counts only when it is multiplied as it is."""
    acme.sandbox.exact.set(price_digits=2)
    document = post(acme, 1026)
    assert document.state == "blocked", acme.invoice(1026)
    held_without_a_trace(acme, document)
    assert "35.8" in document.message
