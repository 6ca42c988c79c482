"""What is sent to Exact: only properties that its reference lists, and nothing empty."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from connector.clients import strict_json
from connector.clients.exact.bodies import AccountIn, AddressIn, InvoiceIn, InvoiceLineIn

ID = "00000001-0000-4000-8000-000000000000"
# Properties that may be sent with POST, by Exact's REST reference.
POSTABLE = {
    "invoice": "OrderedBy InvoiceTo DeliverTo DeliverToAddress Journal Type OrderDate YourRef Description Currency "
    "PaymentCondition PaymentReference Remarks SalesInvoiceLines",
    "line": "Item Quantity NetPrice VATCode VATAmountFC GLAccount CostCenter CostUnit Description Notes",
    "account": "Name Status Code SearchCode Email Phone VATNumber ChamberOfCommerce AddressLine1 AddressLine2 "
    "AddressLine3 Postcode City State Country Language PaymentConditionSales SalesVATCode "
    "PeppolIdentifier Classification1",
    "address": "Account Type AddressLine1 AddressLine2 AddressLine3 Postcode City State Country Phone",
}
LINE = InvoiceLineIn(
    item=ID,
    quantity=Decimal(3),
    net_price=Decimal("8.2645"),
    vat_code="2",
    vat_amount=Decimal("5.20"),
    gl_account=ID,
    cost_center="EU",
    cost_unit="WEB",
    description="Mug",
    notes="blue",
)


def test_a_full_invoice_body() -> None:
    body = InvoiceIn(
        ordered_by=ID,
        invoice_to=ID,
        deliver_to=ID,
        deliver_to_address=ID,
        journal="70",
        your_ref="SHOP-1042",
        order_date=date(2026, 3, 2),
        description="Order 1042",
        currency="EUR",
        payment_condition="00",
        payment_reference="SHOP-1042",
        remarks="Also to Ghent",
        lines=(LINE,),
    ).body()
    assert set(body) == set(POSTABLE["invoice"].split())
    assert body["Type"] == 8020
    assert body["OrderDate"] == "2026-03-02"
    assert LINE.body().keys() == set(POSTABLE["line"].split())
    assert b'"NetPrice":8.2645,' in strict_json.dump(body)


def test_what_is_empty_is_left_out_and_what_is_zero_is_not() -> None:
    line = InvoiceLineIn(item=ID, quantity=Decimal(1), net_price=Decimal(0))
    assert line.body() == {"Item": ID, "Quantity": Decimal(1), "NetPrice": Decimal(0)}
    assert replace(line, vat_amount=Decimal(0)).body()["VATAmountFC"] == 0
    bare = InvoiceIn(ordered_by=ID, journal="70", your_ref="S-1", lines=(line,)).body()
    assert set(bare) == {"OrderedBy", "Journal", "YourRef", "Type", "SalesInvoiceLines"}


def test_accounts_are_customers_and_addresses_are_for_delivery() -> None:
    account = AccountIn(name="Anna", search_code="SHOP-7", country="NL").body()
    assert account == {"Name": "Anna", "Status": "C", "SearchCode": "SHOP-7", "Country": "NL"}
    assert AddressIn(account=ID, city="Utrecht").body() == {"Account": ID, "Type": 4, "City": "Utrecht"}
    full = {name: "x" for name in AccountIn.__dataclass_fields__}
    assert set(AccountIn(**full).body()) == set(POSTABLE["account"].split())
    address = AddressIn(
        account=ID,
        address_line1="1",
        address_line2="2",
        address_line3="3",
        postcode="3511 AB",
        city="Utrecht",
        state="UT",
        country="NL",
        phone="030",
    )
    assert set(address.body()) == set(POSTABLE["address"].split())
