"""Exact's formats, by samples and tables, and what is sent to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.clients import strict_json
from connector.clients.exact import master, records, wire
from connector.clients.exact.bodies import AccountIn, AddressIn, InvoiceIn, InvoiceLineIn
from connector.clients.exact.texts import is_validation, messages_of
from connector.clients.strict_json import Unreadable
from tests.clients.scripted import SAMPLES

ROOT = "https://start.exactonline.nl/api/v1/123456/"
ID = "00000001-0000-4000-8000-000000000000"


def load(name: str) -> object:
    return strict_json.load((SAMPLES / "exact" / f"{name}.json").read_bytes())


def test_all_envelopes_are_read() -> None:
    rows, following = wire.read_list(load("gl_accounts_first_page"))
    assert [row["Code"] for row in rows] == ["8000"]
    assert following.startswith(f"{ROOT}financial/GLAccounts?")
    assert [row["Code"] for row in wire.read_list(load("vat_codes_as_bare_list"))[0]] == ["2  ", "AB "]
    assert wire.read_one(load("invoice_created"))["InvoiceID"] == ID
    assert wire.read_one(load("me"))["FullName"] == "Bo Keeper"
    assert wire.read_list({"d": {"results": []}}) == ([], "")


def test_nested_records_are_there_or_deferred() -> None:
    assert wire.nested({"Lines": {"results": [{"ID": 1}]}}, "Lines") == [{"ID": 1}]
    assert wire.nested({"Lines": [{"ID": 1}]}, "Lines") == [{"ID": 1}]
    assert wire.nested({"Lines": {"__deferred": {"uri": "x"}}}, "Lines") is None
    assert wire.nested({}, "Lines") is None


@pytest.mark.parametrize("answer", [None, [], {}, {"x": 1}, {"d": None}, {"d": "text"}])
def test_anything_else_is_unreadable(answer: object) -> None:
    with pytest.raises(Unreadable):
        wire.read_list(answer)


def test_one_record_means_one() -> None:
    with pytest.raises(Unreadable, match="one record"):
        wire.read_one({"d": {"results": []}})
    with pytest.raises(Unreadable, match="one record"):
        wire.read_one({"d": {"results": [{}, {}]}})


@pytest.mark.parametrize(
    "link",
    [
        f"{ROOT}crm/Accounts?$skiptoken=guid'x'",
        f"{ROOT}crm/Accounts?%24skiptoken=guid'x'",
        "https://START.exactonline.nl:443/api/v1/123456/crm/Accounts",
    ],
)
def test_a_next_page_of_the_same_division_is_followed(link: str) -> None:
    assert wire.next_link(link, ROOT) == link


@pytest.mark.parametrize(
    "link",
    [
        "http://start.exactonline.nl/api/v1/123456/crm/Accounts",
        "https://start.exactonline.be/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl:8443/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl.evil.example/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl@evil.example/api/v1/123456/crm/Accounts",
        "https://me@start.exactonline.nl/api/v1/123456/crm/Accounts",
        "//evil.example/api/v1/123456/crm/Accounts",
        "https://start.exactonline.nl/api/v1/999/crm/Accounts",
        f"{ROOT}../999/crm/Accounts",
        f"{ROOT}%2e%2e/999/crm/Accounts",
        "crm/Accounts",
        "https://start.exactonline.nl:port/api/v1/123456/",
        "https://[broken/api/v1/123456/",
    ],
)
def test_a_next_page_elsewhere_is_not(link: str) -> None:
    with pytest.raises(Unreadable):
        wire.next_link(link, ROOT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/Date(1782405060220)/", "2026-06-25T16:31:00.220000"),
        ("/Date(-86400000)/", "1969-12-31T00:00:00"),
        ("/Date(1723420800000+0200)/", "2024-08-12T00:00:00"),
        ("2026-01-29T10:00:00", "2026-01-29T10:00:00"),
        ("/Date(999999999999999)/", None),
        ("soon", None),
        (None, None),
        (5, None),
    ],
)  # fmt: skip
def test_dates_are_naive_server_time(text: object, expected: str | None) -> None:
    found = wire.read_datetime(text)
    assert (found and found.isoformat()) == expected


def test_date_only_fields() -> None:
    assert wire.read_date("/Date(1723420800000)/") == date(2024, 8, 12)
    assert wire.read_date(None) is None


def test_account_codes_come_with_blanks_on_the_left() -> None:
    assert wire.text({"Code": "           0000011"}, "Code") == "0000011"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("24700001.0"), "24700001"),
        (Decimal("2.47E+7"), "24700000"),
        (24700001, "24700001"),
        (Decimal("0.5"), "0.5"),
        ("007.0 ", "007.0"),
        (True, ""),
        (None, ""),
    ],
)
def test_codes_may_come_as_numbers(value: object, expected: str) -> None:
    assert wire.text({"Code": value}, "Code") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("127.05000000000001"), "127.05"),
        (Decimal("0.1") + Decimal("0.20000000000000001"), "0.3"),
        (105, "105"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
        (Decimal("-22.05"), "-22.05"),
        (True, None),
        ("12", None),
        (None, None),
        (Decimal("1E+400"), None),
    ],
)
def test_amounts_lose_the_noise_of_floats(value: object, expected: str | None) -> None:
    found = wire.decimal({"A": value}, "A")
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), ("98765432101", 98765432101), (Decimal("2.0"), 2), (Decimal("2.5"), None), (True, None), ("x", None)],
)
def test_whole_numbers(value: object, expected: int | None) -> None:
    assert wire.integer({"N": value}, "N") == expected


def test_literals_in_addresses() -> None:
    assert wire.quoted("O'Brien") == "'O''Brien'"
    assert wire.guid(ID) == f"guid'{ID}'"
    for odd in ("", "1' or 1 eq 1", ID + "'", ID[:-1]):
        with pytest.raises(ValueError, match="GUID"):
            wire.guid(odd)


def test_messages_are_split() -> None:
    assert messages_of(load("error_400_two_messages")) == ("Verplicht: Factuur voor", "Verplicht: Besteld door")
    assert messages_of({"error": {"code": "", "message": {"value": ""}}}) == ()


@pytest.mark.parametrize("other", [None, [], {}, {"error": "x"}, {"error": {"message": {"lang": ""}}}, {"fault": {}}])
def test_without_the_envelope_there_are_no_messages(other: object) -> None:
    assert messages_of(other) is None


@pytest.mark.parametrize(
    "text",
    [
        "Verplicht: Factuur voor",
        "Mandatory: Payment condition",
        "Ongeldige referentie: Leveren aan",
        "Invalid reference: Deliver to",
        "Ongeldig: Factuur voor (Type)",
        "Invalid: Journal (type).",
        "Invalid: VAT percentage []",
        "Gegeven bestaat reeds.",
        "Data already exists",
        "Verkoopordernummer: Bestaat reeds",
        "Unknown: Fiscal year (Period - date table).",
        "The financial year cannot be changed.",
        "Kan niet verwijderen: Relatie - Gebruikt in: Documenten",
        "Error processing request stream. The request should be a valid top-level resource object.",
        "Error processing request stream. The property name 'X' specified for type 'Y' is not valid.",
        "Error encountered in converting the value from request payload for property 'OrderedBy' to type 'Guid'",
        "Reeds verwerkt",
        "Factuurnummer verplicht",
    ],
)
def test_known_validation_texts(text: str) -> None:
    assert is_validation((text,))
    assert not is_validation((text, "A problem has occurred."))


@pytest.mark.parametrize(
    "messages",
    [
        (),
        ("A problem has occurred. The cause of this issue will be investigated as soon as possible.",),
        ("Object reference not set",),
        ("Fault after Data already exists",),
    ],
)
def test_other_texts_say_nothing_certain(messages: tuple[str, ...]) -> None:
    assert not is_validation(messages)


# Properties that may be sent with POST, by Exact's REST reference.
POSTABLE = {
    "invoice": "OrderedBy InvoiceTo DeliverTo DeliverToAddress Journal Type OrderDate YourRef Description Currency "
    "PaymentCondition PaymentReference Remarks SalesInvoiceLines",
    "line": "Item Quantity NetPrice VATCode VATAmountFC GLAccount CostCenter CostUnit Description Notes",
    "account": "Name Status Code SearchCode Email Phone VATNumber ChamberOfCommerce AddressLine1 AddressLine2 "
    "AddressLine3 Postcode City State Country Language PaymentConditionSales",
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


def test_an_invoice_is_read() -> None:
    invoice = records.read_invoice(wire.read_one(load("invoice_created")))
    assert (invoice.id, invoice.number, invoice.status, invoice.type) == (ID, "", 20, 8020)
    assert invoice.amount_fc == Decimal("127.05")
    assert (invoice.amount_excl, invoice.vat_amount) == (Decimal(105), Decimal("22.05"))
    assert (invoice.your_ref, invoice.currency) == ("SHOP-1042", "EUR")


def test_a_record_without_its_id_is_unreadable() -> None:
    for read in (records.read_invoice, records.read_account, records.read_me, records.read_division):
        with pytest.raises(Unreadable, match="missing"):
            read({})


def master_data(kind: str, sample: str) -> list[master.MasterRecord | None]:
    rows, _ = wire.read_list(load(sample))
    return [master.read_record(kind, row, date(2026, 3, 2)) for row in rows]


def test_gl_accounts() -> None:
    (record,) = master_data("gl_account", "gl_accounts_first_page")
    assert record is not None
    assert (record.code, record.name, record.exact_id[:8]) == ("8000", "Sales", "00000010")
    assert record.data == {
        "type": 110,
        "use_cost_center": 1,
        "use_cost_unit": 2,
        "blocked": False,
        "vat_code": "2",
    }


def test_vat_codes_are_trimmed_and_in_percent() -> None:
    domestic, foreign = master_data("vat_code", "vat_codes_as_bare_list")
    assert domestic is not None
    assert foreign is not None
    assert (domestic.code, domestic.data["percentage"], domestic.data["country"]) == ("2", "21", "NL")
    assert (foreign.code, foreign.data["percentage"], foreign.data["oss_country"]) == ("AB", "5.5", "FR")
    assert (domestic.data["type"], foreign.data["blocked"], foreign.data["transaction_type"]) == ("I", True, "S")


def test_items_know_whether_they_ended() -> None:
    mug, old = master_data("item", "items")
    assert mug is not None
    assert old is not None
    assert (mug.data["is_sales"], mug.data["ended"], mug.data["start_date"]) == (True, False, "2020-01-01")
    assert (old.data["is_sales"], old.data["ended"], old.data["end_date"]) == (False, True, "2020-12-31")


@pytest.mark.parametrize("row", [{"Code": "MUG", "ID": ID}, {"Code": "MUG", "ID": ID, "IsSalesItem": None}])
def test_an_item_that_does_not_say_is_not_taken_for_one_that_is_not_for_sale(row: dict[str, object]) -> None:
    record = master.read_record("item", row, date(2026, 3, 2))
    assert record is not None
    assert "is_sales" not in record.data


@pytest.mark.parametrize("kind", [{}, {"Type": None}])
def test_a_layout_that_does_not_say_is_kept(kind: dict[str, object]) -> None:
    assert master.read_record("layout", {"Subject": "Webshop", "ID": ID, **kind}, date(2026, 3, 2)) is not None


def test_of_the_layouts_those_for_mail_do_not_count() -> None:
    document, mail = master_data("layout", "layouts")
    assert document is not None
    assert (document.code, document.name, document.exact_id[:8]) == ("Webshop", "Webshop", "00000030")
    assert mail is None


def test_currencies_have_no_id() -> None:
    (euro,) = master_data("currency", "currencies")
    assert euro is not None
    assert (euro.code, euro.exact_id) == ("EUR", "")
    assert euro.data == {"amount_precision": "0.01", "price_precision": "0.0001"}
    assert master.KINDS["currency"].select == "Code,Description,AmountPrecision,PricePrecision"


def test_a_record_without_a_code_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="a record of hrm/Costcenters without Code"):
        master.read_record("cost_center", {"ID": ID}, date(2026, 3, 2))


def test_a_record_is_named_by_its_id_or_code() -> None:
    rows: list[Any] = [{"ID": "id-1", "Code": "A"}, {"Code": " B "}, {"Name": "C"}, None, "text"]
    assert [wire.name_of(row) for row in rows] == ["id-1", "B", "", "", ""]


def test_a_nested_row_that_is_no_record_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no object"):
        wire.nested({"Lines": [{"ID": 1}, None]}, "Lines")
    with pytest.raises(Unreadable, match="no object"):
        wire.read_one({"d": {"results": [None]}})
