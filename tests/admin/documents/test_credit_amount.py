"""Credit an amount: a person types what was given back, and sees what remains. Errors stand at their fields."""

from decimal import Decimal as D

import pytest
from django.test import Client

from connector.models import OrderSync
from tenants.models import Role
from tests.acme import Acme
from tests.admin.documents.test_actions import browser, page
from tests.cases.scene import documents, place
from tests.cases.shop import basket

WHY = "It was refunded in the till."


@pytest.fixture
def asked(acme: Acme) -> OrderSync:
    """The basket of 65.35, refunded in part, and BigCommerce has no refund of it."""
    place(acme, {6010: basket()})
    place(acme, {6010: basket(status_id=14)})
    return acme.document(6010)


@pytest.fixture
def accountant(asked: OrderSync) -> Client:
    return browser(Role.ACCOUNTANT)


def test_the_page_leads_to_a_form_that_shows_what_remains(asked: OrderSync, accountant: Client) -> None:
    assert "Credit an amount</a>" in accountant.get(page(asked)).content.decode()
    form = accountant.get(page(asked, "credit_amount")).content.decode()
    for rest in ("65.35 EUR remains", "48.40 EUR remains", "10.90 EUR remains", "6.05 EUR remains"):
        assert rest in form


def test_exactly_what_was_typed_is_credited(acme: Acme, asked: OrderSync, accountant: Client) -> None:
    typed = {"amount": "12.00", "product:1": "10.00", "product:2": "2.00", "reason": WHY}
    assert accountant.post(page(asked, "credit_amount"), typed).status_code == 302
    acme.drain()
    assert documents(acme, 6010) == [("NLS-6010", "65.35"), ("NLS-6010-M1", "-12.00")]
    note = OrderSync.objects.get(kind="credit")
    assert note.draft is not None
    assert {line["key"]: D(line["gross"]) for line in note.draft["lines"]} == {
        "product:1": D("-10.00"),
        "product:2": D("-2.00"),
    }


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"amount": "70.00", "reason": WHY}, "amount", "65.35"),
        ({"amount": "", "reason": WHY}, "amount", "required"),
        ({"amount": "ten", "reason": WHY}, "amount", "number"),
        ({"amount": "5.001", "reason": WHY}, "amount", "decimal places"),
        ({"amount": "12.00", "product:1": "10.00", "reason": WHY}, "amount", "add up to 10.00"),
        ({"amount": "20.00", "product:2": "20.00", "reason": WHY}, "amount", "10.90"),
        ({"amount": "20.00", "product:2": "-20.00", "reason": WHY}, "product:2", "greater"),
        ({"amount": "12.00", "product:1": "12.00", "reason": ""}, "reason", "required"),
    ],
)
def test_an_error_stands_at_its_field(
    asked: OrderSync, accountant: Client, typed: dict[str, str], field: str, words: str
) -> None:
    text = accountant.post(page(asked, "credit_amount"), typed).content.decode()
    _, found, rest = text.partition(f'data-error-for="{field}"')
    assert found
    assert words in rest.partition("</span>")[0]
    assert not OrderSync.objects.filter(kind="credit").exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
def test_others_may_not(asked: OrderSync, role: Role) -> None:
    assert browser(role).post(page(asked, "credit_amount"), {"amount": "1", "reason": WHY}).status_code == 403
