"""What few shops sell, from the store over HTTP into Exact: sales tax, gift certificates, VAT areas, 999 pieces."""

from decimal import Decimal
from typing import Any

import pytest

from connector.domain.money import round_half_up
from connector.sandbox.catalogue import rare_orders
from tests.acme import DIVISION, STORE, Acme

VAT = [
    {"when": {"country": ["US", "CA"]}, "code": "6", "tax_as_line": {"item": "SALESTAX", "gl_account": "1530"}},
    {"when": {"country": ["IC", "AX"], "rate": "0"}, "code": "6"},
    {"when": {"country": ["XI", "GR"], "b2b": True, "rate": "0"}, "code": "7"},
]
HELD = "business whose number has a wrong digit"


@pytest.fixture
def rare(acme: Acme) -> Acme:
    """Acme with the rules that such orders need, and the orders placed."""
    acme.configure(vat=[*VAT, *acme.file["connections"][0]["vat"]])
    acme.sandbox.exact.set(rates=acme.sandbox.exact.settings.rates | {"JPY": Decimal("0.006")})
    for record in rare_orders():
        acme.sandbox.stores.store(STORE).place(record)
    return acme


def posted(acme: Acme, kind: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The order's invoice, and its lines by their description."""
    order_id = acme.order_of_kind(kind)
    acme.ring(order_id)
    acme.drain()
    document = acme.document(order_id)
    assert document.state == "posted", document.message
    invoice = acme.invoice(order_id)
    assert invoice["AmountFC"] == round_half_up(acme.total(order_id), 2)
    return invoice, {line["Description"]: line for line in invoice["SalesInvoiceLines"]}


@pytest.mark.parametrize("kind", [record.kind for record in rare_orders() if record.kind != HELD])
def test_it_is_posted_with_the_total_and_the_tax_of_the_order(rare: Acme, kind: str) -> None:
    invoice, lines = posted(rare, kind)
    taxes = sum(line["AmountFC"] for line in lines.values() if line["ItemCode"] == "SALESTAX")
    order_id = rare.order_of_kind(kind)
    assert invoice["VATAmountFC"] + taxes == Decimal(rare.order(order_id)["total_tax"])
    assert all(line["VATCode"] for line in lines.values())


def test_each_sales_tax_is_a_line_on_the_liability_account(rare: Acme) -> None:
    invoice, lines = posted(rare, "sales tax")
    account = rare.sandbox.exact.id_of(DIVISION, "financial/GLAccounts", "1530")
    own = {name: line for name, line in lines.items() if line["GLAccount"] == account}
    assert set(own) == {"California", "San Francisco"}
    assert sum(line["AmountFC"] for line in own.values()) == Decimal(rare.order(9101)["total_tax"])
    assert invoice["VATAmountFC"] == 0
    assert {line["VATCode"].strip() for name, line in lines.items() if name not in own} == {"6"}
    assert {line["VATCode"].strip() for line in own.values()} == {"0"}


def test_a_gift_certificate_is_a_debt_without_vat(rare: Acme) -> None:
    _, lines = posted(rare, "gift certificate")
    account = rare.sandbox.exact.id_of(DIVISION, "financial/GLAccounts", "1540")
    assert lines["Gift certificate"]["GLAccount"] == account
    assert lines["Gift certificate"]["VATCode"].strip() == "0"
    assert lines["Gift certificate"]["AmountFC"] == 50


def test_a_number_with_a_wrong_check_digit_holds_the_order_until_it_is_corrected(rare: Acme) -> None:
    order_id = rare.order_of_kind(HELD)
    rare.ring(order_id)
    rare.drain()
    document = rare.document(order_id)
    assert (document.state, document.reason) == ("blocked", "mapping")
    assert '"BE0477123403" is not a valid EU VAT number' in document.message
    billing = rare.order(order_id)["billing_address"]
    corrected = {**billing, "form_fields": [{"name": "VAT number", "value": "BE0477123402"}]}
    rare.sandbox.stores.store(STORE).change(order_id, billing_address=corrected)
    rare.ring(order_id, "store/order/updated")
    rare.drain()
    assert rare.document(order_id).state == "posted", rare.document(order_id).message


def test_yen_are_posted_as_whole_ones(rare: Acme) -> None:
    """Three mugs of 1295 with 674 of tax and shipping of 595 with 103: 777 of 4480, at 0.006 EUR a yen."""
    invoice, lines = posted(rare, "paid in yen")
    assert (invoice["Currency"], invoice["AmountFC"], invoice["VATAmountFC"]) == ("JPY", 4480, 777)
    assert invoice["AmountDC"] == Decimal("26.88")
    assert {line["VATAmountFC"] for line in lines.values()} == {674, 103}
