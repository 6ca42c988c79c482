"""Whose account an order is booked on."""

import pytest

from connector.flow.actions.documents import re_post
from connector.models import CustomerLink, DirectoryAccount
from connector.sandbox.exact.state import Row
from tests.acme import DIVISION, Acme
from tests.cases.scene import place, setting
from tests.cases.shop import Json, line, order


def account_of(acme: Acme, order_id: int) -> Row:
    """The account in Exact that the order's invoice was made for."""
    wanted = acme.invoice(order_id)["InvoiceTo"]
    return next(row for row in acme.sandbox.exact.accounts(DIVISION) if row["ID"] == wanted)


def test_names_all_empty(acme: Acme) -> None:
    """A guest without a name has an account that is named by the e-mail address."""
    nobody = {"first_name": "", "last_name": ""}
    place(acme, {2019: order(line(), email="v2019@example.com", address=nobody)})
    assert acme.document(2019).total == acme.total(2019), acme.document(2019).message
    assert account_of(acme, 2019)["Name"] == "v2019@example.com"


@pytest.mark.parametrize("email", ["", " ", "n/a", "Invalid Request"])
def test_email_empty_customer(acme: Acme, email: str) -> None:
    """A guest without an e-mail address is like any other: the order is held, and Exact is asked for nothing."""
    place(acme, {2020: order(line(), email=email)})
    document = acme.document(2020)
    assert (document.state, document.reason) == ("blocked", "customer")
    assert "e-mail" in document.message
    assert not acme.exact_calls("*crm/Accounts*")


@pytest.mark.parametrize("email", ["", "noemail@shop.example"])
def test_no_account_is_made_for_a_customer_without_any_name(acme: Acme, email: str) -> None:
    nobody = {"first_name": "-", "last_name": ".", "company": "n/a"}
    place(acme, {2021: order(line(), email=email, address=nobody, customer_id=77)})
    document = acme.document(2021)
    assert (document.state, document.code) == ("blocked", "customer_without_name")
    assert "new account NLS-77" in document.message
    assert not acme.sandbox.exact.calls.count("POST", "*crm/Accounts*")


GENT = {
    "company": "Gentse Fietsen BV",
    "city": "Gent",
    "zip": "9000",
    "country": "Belgium",
    "country_iso2": "BE",
    "form_fields": [{"name": "VAT number", "value": "BE 0123.456.749"}],
}
NUMBER = "BE0123456749"
CONSUMER = GENT | {"company": "", "form_fields": []}


def is_held(acme: Acme, order_id: int, words: str) -> bool:
    """Whether the order is held for its customer, in these words, and Exact has no invoice of it."""
    document = acme.document(order_id)
    held = (document.state, document.reason) == ("blocked", "customer")
    return held and words in document.message and not acme.invoices(order_id)


@pytest.mark.parametrize("company", ["-", "n/a", ".", "N.v.t."])
def test_company_dash(acme: Acme, company: str) -> None:
    """A company that says it is none is none: the account has the person's name."""
    place(acme, {7020: order(line(), email="c0@shopper.example", address={"company": company})})
    assert account_of(acme, 7020)["Name"] == "Vera Dijk"


DUMMY = {
    7010: {"first_name": "Ann", "last_name": "Bakker", "city": "Utrecht"},
    7011: {"first_name": "Bob", "last_name": "Visser", "city": "Delft"},
    7012: {"first_name": "Cor", "last_name": "Smit", "city": "Breda"},
}


def tills() -> dict[int, Json]:
    """Three people's orders, all with the till's one e-mail address."""
    return {number: order(line(), email="noemail@shop.example", address=person) for number, person in DUMMY.items()}


def test_dummy_email_of_guests_is_held_or_goes_to_the_collective_account(acme: Acme) -> None:
    place(acme, tills())
    for number in DUMMY:
        assert is_held(acme, number, "noemail@shop.example is a placeholder")
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    setting(acme, collective_account=collective.code)
    place(acme, {number + 10: raw for number, raw in tills().items()})
    assert {account_of(acme, number + 10)["ID"] for number in DUMMY} == {collective.account_id}


def test_dummy_email_of_customers_leads_to_their_own_accounts(acme: Acme) -> None:
    place(acme, {number: raw | {"customer_id": number} for number, raw in tills().items()})
    accounts = [account_of(acme, number) for number in DUMMY]
    assert [row["Name"] for row in accounts] == ["Ann Bakker", "Bob Visser", "Cor Smit"]
    assert not any(row.get("Email") for row in accounts)


@pytest.mark.parametrize(("complete_vat", "allowed"), [("ours", True), ("all", True), ("never", False)])
def test_vat_later(acme: Acme, complete_vat: str, allowed: bool) -> None:
    """First a consumer, then a firm: the account that we made is given the number, where that is allowed."""
    setting(acme, complete_vat=complete_vat)
    place(acme, {7001: order(line("12.10"), address=CONSUMER, customer_id=5)})
    place(acme, {7002: order(line("10.00", vat="0"), address=GENT, customer_id=5)})
    if not allowed:
        assert is_held(acme, 7002, f"has no VAT number, and the order has {NUMBER}")
        return
    assert account_of(acme, 7002)["VATNumber"] == NUMBER
    before = acme.exact_calls("*crm/Accounts*")
    place(acme, {7003: order(line("10.00", vat="0"), address=GENT, customer_id=5)})
    assert acme.document(7003).state == "posted"
    assert acme.exact_calls("*crm/Accounts*") == before


@pytest.mark.parametrize("complete_vat", ["ours", "never", "all"])
def test_vat_matched_by_email(acme: Acme, complete_vat: str) -> None:
    """An account that somebody made by hand, without a number, is given it only when a person said so."""
    setting(acme, complete_vat=complete_vat)
    fields = {"Name": "Gentse Fietsen", "Email": "boek@gent.example", "Country": "BE"}
    account_id = acme.sandbox.exact.add_account(DIVISION, **fields)
    place(acme, {7006: order(line("10.00", vat="0"), email="boek@gent.example", address=GENT)})
    if complete_vat == "all":
        found = account_of(acme, 7006)
        assert (found["ID"], found["VATNumber"]) == (account_id, NUMBER)
    else:
        assert is_held(acme, 7006, f"has no VAT number, and the order has {NUMBER}")


def test_vat_other_number(acme: Acme) -> None:
    """The e-mail address leads to another firm, with another number: the order's firm has an account of its own."""
    fields = {"Name": "Andere NV", "Email": "boek@gent.example", "Country": "BE", "VATNumber": "BE0403019261"}
    other = acme.sandbox.exact.add_account(DIVISION, **fields)
    place(acme, {8001: order(line("10.00", vat="0"), email="boek@gent.example", address=GENT)})
    found = account_of(acme, 8001)
    assert (found["Name"], found["VATNumber"]) == ("Gentse Fietsen BV", NUMBER)
    assert found["ID"] != other


def test_vat_other_number_of_the_same_firm_is_held(acme: Acme) -> None:
    fields = {"Name": "Gentse Fietsen", "Email": "boek@gent.example", "Country": "BE", "VATNumber": "BE0403019261"}
    acme.sandbox.exact.add_account(DIVISION, **fields)
    place(acme, {8001: order(line("10.00", vat="0"), email="boek@gent.example", address=GENT)})
    assert is_held(acme, 8001, f"has the VAT number BE0403019261, and the order has {NUMBER}")


def test_a_number_of_the_account_may_be_written_in_any_way(acme: Acme) -> None:
    fields = {"Name": "GF", "Country": "BE", "VATNumber": "0123.456.749"}
    account_id = acme.sandbox.exact.add_account(DIVISION, **fields)
    place(acme, {8002: order(line("10.00", vat="0"), email="boek@gent.example", address=GENT)})
    assert account_of(acme, 8002)["ID"] == account_id


def test_an_order_for_the_eu_sales_list_is_not_booked_on_the_collective_account(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    setting(acme, collective_account=collective.code, guest_strategy="collective")
    place(acme, {8003: order(line("10.00", vat="0"), address=GENT), 8004: order(line())})
    assert is_held(acme, 8003, "VAT code 7 is for the EU sales list")
    assert account_of(acme, 8004)["ID"] == collective.account_id


def test_two_companies_of_one_e_mail_address_have_two_accounts(acme: Acme) -> None:
    for number, company in enumerate(["Alfa BV", "Beta BV", "Alfa B.V.", "Beta"], 8010):
        place(acme, {number: order(line(), email="office@firms.example", address={"company": company})})
    names = [account_of(acme, number)["Name"] for number in range(8010, 8014)]
    assert names == ["Alfa BV", "Beta BV", "Alfa BV", "Beta BV"]
    codes = {account_of(acme, number)["SearchCode"] for number in range(8010, 8014)}
    assert len(codes) == 2
    assert len({code[:17] for code in codes}) == 1


@pytest.mark.parametrize("customer_id", [5, 0])
def test_two_companies_of_one_person_do_not_share_the_persons_account(acme: Acme, customer_id: int) -> None:
    """The person's own orders go on to the account of before, and each company has another one."""
    for number, company in enumerate(["", "Alfa BV", "Beta BV", "", "Alfa"], 8020):
        raw = order(line(), email="vera@shopper.example", address={"company": company}, customer_id=customer_id)
        place(acme, {number: raw})
    names = [account_of(acme, number)["Name"] for number in range(8020, 8025)]
    assert names == ["Vera Dijk", "Alfa BV", "Beta BV", "Vera Dijk", "Alfa BV"]
    assert len({account_of(acme, number)["ID"] for number in range(8020, 8025)}) == 3


def test_a_consumers_account_that_was_given_a_number_is_the_firms(acme: Acme) -> None:
    """The firm's order without the number goes there too, and another firm's does not."""
    place(acme, {8030: order(line("12.10"), address=CONSUMER, customer_id=5)})
    place(acme, {8031: order(line("10.00", vat="0"), address=GENT, customer_id=5)})
    place(acme, {8032: order(line(), address={"company": GENT["company"]}, customer_id=5)})
    place(acme, {8033: order(line(), address={"company": "Alfa BV"}, customer_id=5)})
    first, number, without, other = (account_of(acme, each)["ID"] for each in range(8030, 8034))
    assert first == number == without != other


def test_a_link_from_before_names_were_kept_is_compared_with_the_account_in_exact(acme: Acme) -> None:
    """One read tells what the account is called now. A number is written on no other party's account."""
    setting(acme, complete_vat="all")
    place(acme, {8040: order(line("12.10"), address=CONSUMER, customer_id=5)})
    account_id = account_of(acme, 8040)["ID"]
    CustomerLink.objects.update(name="", matched_by="e-mail address")
    changed = {"Name": "Andere NV", "Email": "boek@andere.example", "SearchCode": ""}
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", str(account_id), **changed)
    before = acme.exact_calls()
    place(acme, {8041: order(line("10.00", vat="0"), address=GENT, customer_id=5)})
    assert is_held(acme, 8041, "Andere NV, which has neither the customer's name nor e-mail address")
    assert acme.exact_calls() == before + 1
    assert not account_of(acme, 8040).get("VATNumber")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", str(account_id), Name="Gentse Fietsen")
    re_post(acme.document(8041), None, "The name is right now.")
    acme.drain()
    assert account_of(acme, 8041)["ID"] == account_id
    assert CustomerLink.objects.get().name == "Gentse Fietsen BV"


def test_an_order_of_a_redacted_buyer_is_held(acme: Acme) -> None:
    hidden = dict.fromkeys(("first_name", "last_name", "street_1"), "REDACTED")
    raw = order(line(), email="redacted@marketplace.example", address=hidden)
    place(acme, {9001: raw, 9002: raw | {"customer_id": 9}})
    for number in (9001, 9002):
        assert is_held(acme, number, "The buyer's name and address were removed from the order.")
