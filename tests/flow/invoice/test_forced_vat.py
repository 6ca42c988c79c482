"""A shop with prices that include VAT, posted under codes that exclude it: to the cent, where the VAT may be sent."""

from decimal import Decimal

from connector.models import OrderSync
from tests.acme import Acme

EXCLUSIVE = [
    {"when": {"country": "NL", "rate": "21"}, "code": "4"},
    {"when": {"country": "NL", "rate": "9"}, "code": "3"},
    {"when": {"country": "DE", "rate": "19"}, "code": "D2"},
    {"when": {"country": "DE", "rate": "7"}, "code": "D4"},
    {"when": {"country": "FR", "rate": "20"}, "code": "F2"},
    {"when": {"country": "BE", "rate": "21"}, "code": "B2"},
]


def ten_euros(acme: Acme, *, force_vat: bool) -> OrderSync:
    """What becomes of order 1001, one mug for 10.00 with 21 % VAT in it: 8.26 and 1.74, which Exact makes 1.73."""
    connection = acme.file["connections"][0]
    changes = {"vat": [*EXCLUSIVE, *connection["vat"]], "force_vat": force_vat, "rounding": {"limit": "0.00"}}
    acme.configure(**changes)
    record = acme.sandbox.stores.store("nlshop1").orders[1001]
    record.products[:] = record.products[:1]
    record.products[0] |= {"discounted_total_inc_tax": "10.0000", "total_tax": "1.7355", "quantity": 1}
    none = {f"shipping_cost_{part}": "0.0000" for part in ("ex_tax", "inc_tax", "tax")}
    for address in record.shipping_addresses:
        address |= {"cost_ex_tax": "0.0000", "cost_inc_tax": "0.0000", "cost_tax": "0.0000"}
    record.order |= none | {
        "total_inc_tax": "10.0000",
        "total_tax": "1.7355",
        "total_ex_tax": "8.2645",
        "items_total": 1,
    }
    acme.ring(1001)
    acme.drain()
    return acme.document(1001)


def test_the_shops_vat_is_sent_and_the_invoice_is_right_to_the_cent(acme: Acme) -> None:
    document = ten_euros(acme, force_vat=True)
    assert document.state == "posted", document.message
    invoice = acme.invoice(1001)
    assert (invoice["AmountFC"], invoice["VATAmountFC"]) == (Decimal("10.00"), Decimal("1.74"))
    (line,) = invoice["SalesInvoiceLines"]
    assert (line["AmountFC"], line["VATAmountFC"], line["VATCode"].strip()) == (Decimal("8.26"), Decimal("1.74"), "4")


def test_without_it_the_order_is_held(acme: Acme) -> None:
    document = ten_euros(acme, force_vat=False)
    assert (document.state, document.reason) == ("blocked", "totals")
    assert "Exact would make 9.99" in document.message
    assert acme.invoices() == []


def test_every_order_of_the_store_is_posted_to_the_cent(acme: Acme) -> None:
    ten_euros(acme, force_vat=True)
    orders = acme.sandbox.stores.store("nlshop1").orders
    for order_id in orders:
        acme.ring(order_id)
    acme.drain(20)
    for order_id, record in orders.items():
        assert acme.document(order_id).state == "posted", acme.document(order_id).message
        invoice = acme.invoice(order_id)
        assert invoice["AmountFC"] == acme.total(order_id)
        assert invoice["VATAmountFC"] == round(Decimal(record.order["total_tax"]), 2)
