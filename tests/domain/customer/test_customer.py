"""Who an order is for: the key, the SearchCodes, and whom nothing tells from others."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.customer.customer import PLACEHOLDER_EMAILS, Customer, customer_of, is_placeholder
from connector.domain.document.codes import Code
from connector.domain.order.model import Order
from tests.cases.shop import line, order, read

FIELDS = ("VAT number",)
NUMBER: dict[str, Any] = {"form_fields": [{"name": "VAT number", "value": "BE 0123.456.749"}]}


def of(customer_id: int = 0, email: str = "vera@shopper.example", **address: Any) -> Customer:
    return customer_of(placed(customer_id, email, **address), "NLS", FIELDS, PLACEHOLDER_EMAILS)


def placed(customer_id: int = 0, email: str = "vera@shopper.example", **address: Any) -> Order:
    return read(order(line(), email=email, address=address, customer_id=customer_id))


def test_a_registered_customer_is_known_by_the_id() -> None:
    assert of(5).keys == ("5",)
    assert of(5).search_code("5") == "NLS-5"


def test_a_guest_is_known_by_the_e_mail_address_however_it_is_written() -> None:
    assert of(email="Vera@Shopper.example ").key == of().key
    assert of().key.startswith("G")
    assert len(of().key) == 13


def test_a_company_has_a_second_key_under_the_customer_who_orders_for_it() -> None:
    alfa, beta = of(5, company="Alfa BV"), of(5, company="Beta BV")
    assert alfa.keys[0] == beta.keys[0] == "5"
    assert alfa.keys[1] != beta.keys[1]
    assert of(5, company="ALFA B.V.").keys == alfa.keys
    assert of(5, **NUMBER).keys[1] not in {alfa.keys[1], "5"}


def test_guests_of_one_e_mail_address_differ_by_their_names() -> None:
    assert of(first_name="Ann").key == of(first_name="Bob").key
    assert of(first_name="Ann").keys[1] != of(first_name="Bob").keys[1]


def test_the_longest_search_code_fits_exact() -> None:
    longest = replace(of(company="Alfa BV"), prefix="ABCDEFGHIJ")
    assert max(len(longest.search_code(key)) for key in longest.keys) <= 31


@pytest.mark.parametrize(
    "email",
    [
        *("noemail@shop.example", "no-email@shop.example", "No.Email+4@shop.example", "walkin@x.example"),
        *("walk_in@x.example", "no-reply@shop.example", "onbekend@shop.example", "anything@noemail.com"),
        *("guest@shop.example", "Klant@winkel.example", "gast@x.example", "geen@x.example", "no.reply@x.example"),
        *("kunde@laden.example", "client@boutique.example", "passant@winkel.example"),
    ],
)
def test_a_placeholder_address_is_nobodys(email: str) -> None:
    guest = of(email=email)
    assert (guest.key, guest.email) == ("", "")
    found = guest.why_nobody()
    assert found is not None
    assert (found.code, found.params) == (Code.GUEST_WITH_PLACEHOLDER, {"email": email.lower()})
    assert of(5, email).key == "5"
    assert of(5, email).email == ""


@pytest.mark.parametrize("email", ["n/a", "-", "Invalid Request", "vera@", "@shopper.example", "vera.shopper.example"])
def test_what_is_no_address_is_nobodys(email: str) -> None:
    """Marketplaces and people write it where there is none. Many orders share it, and Exact refuses it."""
    guest, found = of(email=email), of(email=email).why_nobody()
    assert (guest.key, guest.email, found and found.code) == ("", "", Code.GUEST_WITH_PLACEHOLDER)
    assert (of(5, email).key, of(5, email).email) == ("5", "")


@pytest.mark.parametrize(
    "email",
    [
        *("vera@shopper.example", "noemailov@shopper.example", "info@walkin.example", "", "info@firm.example"),
        *("shop@firm.example", "guesthouse@inn.example", "klantenservice@firm.example", "till@firm.example"),
    ],
)
def test_an_ordinary_address_is_no_placeholder(email: str) -> None:
    assert not is_placeholder(email, PLACEHOLDER_EMAILS)


@pytest.mark.parametrize("email", ["walkin2@shop.example", "no-email-12@shop.example", "kassa03@shop.example"])
def test_a_placeholder_may_have_a_number(email: str) -> None:
    assert of(email=email).email == ""


def test_a_shop_lists_its_own_placeholders() -> None:
    assert is_placeholder("Balie@Fietsen.example", ["balie@"])
    assert is_placeholder("web@fietsen.example", ["web@fietsen.example"])
    assert not is_placeholder("web@other.example", ["web@fietsen.example", "@", ""])


def test_a_guest_without_an_e_mail_address_has_no_key_unless_a_vat_number_gives_one() -> None:
    nobody = of(email="")
    found = nobody.why_nobody()
    assert (nobody.key, found and found.code) == ("", Code.GUEST_WITHOUT_EMAIL)
    assert of(email="", **NUMBER).key.startswith("G")


def test_of_a_redacted_buyer_nothing_is_used() -> None:
    hidden: dict[str, Any] = {
        "first_name": "REDACTED",
        "last_name": "REDACTED",
        "street_1": "REDACTED",
        "company": "REDACTED",
    }
    buyer = of(email="redacted@marketplace.example", **hidden)
    assert (buyer.key, buyer.name, buyer.redacted) == ("", "", True)
    found = buyer.why_nobody()
    assert found is not None
    assert found.code == Code.BUYER_REDACTED
