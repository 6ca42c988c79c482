"""Each customer comes to the account that an order of theirs would come to, whatever their order."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.domain.customer.ladder import Create, Found, Several
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.flow.clock import database_now
from connector.models import CustomerLink, CustomerMatch, DirectoryAccount
from tests.factories import CustomerLinkFactory
from tests.flow.customer.shop import NUMBER, Shop

pytestmark = pytest.mark.usefixtures("one_reading")


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(database) as captured:
        act()
    return len(captured)


def test_each_step_of_the_ladder_leads_to_the_account_with_its_reason() -> None:
    shop = Shop()
    shop.customer("1")
    shop.customer("2", "Noor Vos", vat_number="be 0400.000.185", company="Vos BV")
    shop.customer("3", "Élise Dubois", email="Elise@customers.example")
    shop.customer("4", "Bo Smit", postcode="1234 ab")
    shop.customer("5", "Nobody Known")
    ours = shop.account("Somebody", search_code="NLS-1", email="shopper1@customers.example")
    company = shop.account("Another name", vat_number=NUMBER)
    mailed = shop.account("DUBOIS ELISE", email="elise@customers.example")
    placed = shop.account("Smit Bo", postcode="1234AB")
    found = {each.customer.key: each.choice for each in shop.match().others}
    expected = {"1": (ours, "search_code"), "2": (company, "vat_number"), "3": (mailed, "email_and_name")}
    expected["4"] = placed, "name_and_postcode"
    for key, (account, reason) in expected.items():
        choice = found[key]
        assert isinstance(choice, Found)
        assert (choice.account.id, choice.reason) == (account.account_id, reason)
    assert isinstance(found["5"], Create)


def test_a_customer_with_a_link_keeps_it() -> None:
    shop = Shop()
    shop.customer("1", "New Name")
    connection = shop.connection
    CustomerLinkFactory.create(store=connection.store, division=connection.division, customer_key="1", name="Old Name")
    found = shop.match()
    assert (found.linked, found.others) == (1, [])


def test_a_link_of_a_company_that_the_customer_ordered_for_counts() -> None:
    shop = Shop()
    shop.customer("1", "Jane Doe", company="Acme BV")
    key = next(each for each in shop.match().others).customer.keys[1]
    account = shop.account("Acme BV")
    CustomerLinkFactory.create(
        store=shop.connection.store,
        division=shop.connection.division,
        customer_key=key,
        account_id=account.account_id,
        name="Acme BV",
    )
    assert shop.match().linked == 1


def test_an_account_that_a_person_took_away_is_not_found_again() -> None:
    shop = Shop()
    shop.customer("1", email="jane@customers.example")
    account = shop.account(email="jane@customers.example")
    CustomerLink.objects.create(
        store=shop.connection.store,
        division=shop.connection.division,
        customer_key="1",
        not_accounts=[account.account_id],
    )
    (only,) = shop.match().others
    assert isinstance(only.choice, Create)
    DirectoryAccount.objects.update(search_code=only.customer.search_code(only.choice.key).upper())
    (again,) = shop.match().others
    assert isinstance(again.choice, Problem)
    assert again.choice.code == Code.SEARCH_CODE_TAKEN


def test_two_accounts_that_fit_are_for_a_person() -> None:
    shop = Shop()
    shop.customer("1", email="twin@customers.example")
    accounts = {shop.account(email="twin@customers.example").account_id for _each in range(2)}
    (only,) = shop.match().others
    assert isinstance(only.choice, Several)
    assert {one.account.id for one in only.choice.candidates} == accounts


def test_a_blocked_account_is_for_a_person() -> None:
    shop = Shop()
    shop.customer("1")
    shop.account(email="shopper1@customers.example", blocked=True)
    (only,) = shop.match().others
    assert isinstance(only.choice, Several)
    assert only.choice.problem.code == Code.ACCOUNT_BLOCKED


def test_an_account_without_a_vat_number_is_the_customers() -> None:
    """The order gives it the number, or is held: a link writes nothing to Exact."""
    shop = Shop(complete_vat="never")
    shop.customer("1", company="Acme BV", vat_number=NUMBER)
    shop.account("Acme BV", email="shopper1@customers.example")
    (only,) = shop.match().others
    assert isinstance(only.choice, Found)


def choices(shop: Shop) -> list[str]:
    return [type(each.choice).__name__ for each in shop.match().others]


def test_two_registrations_of_one_company_share_its_account() -> None:
    shop = Shop()
    shop.customer("1", company="Acme BV", vat_number=NUMBER)
    shop.customer("2", "Bo Smit", company="ACME", vat_number=NUMBER)
    shop.account("Acme", vat_number=NUMBER)
    assert choices(shop) == ["Found", "Found"]


def test_two_companies_with_one_vat_number_are_for_a_person() -> None:
    shop = Shop()
    shop.customer("1", company="Acme BV", vat_number=NUMBER)
    shop.customer("2", company="Acme Utrecht", vat_number=NUMBER)
    shop.account("Acme", vat_number=NUMBER)
    assert choices(shop) == ["Several", "Several"]


def test_of_two_the_surer_one_gets_the_account_in_either_order() -> None:
    for first, second in (("1", "2"), ("2", "1")):
        shop = Shop()
        for key in (first, second):
            email = "jane@customers.example" if key == "1" else "other@customers.example"
            shop.customer(key, postcode="1234 AB", email=email)
        shop.account(email="jane@customers.example", postcode="1234 AB")
        found = {each.customer.key: type(each.choice).__name__ for each in shop.match().others}
        assert found == {"1": "Found", "2": "Several"}


def test_an_account_that_another_customer_has_is_for_a_person() -> None:
    shop = Shop()
    shop.customer("1", email="jane@customers.example")
    shop.customer("2", email="jane@customers.example")
    account = shop.account(email="jane@customers.example")
    link = {"store": shop.connection.store, "division": shop.connection.division, "account_id": account.account_id}
    CustomerLinkFactory.create(customer_key="1", **link)
    (other,) = shop.match().others
    assert isinstance(other.choice, Several)
    assert other.choice.problem.code == Code.ACCOUNT_OF_ANOTHER_CUSTOMER


def test_a_guest_who_registers_gets_the_guests_account() -> None:
    shop = Shop()
    shop.customer("1")
    (only,) = shop.match().others
    account = shop.account(email="shopper1@customers.example")
    link = {"store": shop.connection.store, "division": shop.connection.division, "account_id": account.account_id}
    CustomerLinkFactory.create(customer_key=only.customer.guest_keys[0], name="Jane Doe", **link)
    (only,) = shop.match().others
    assert isinstance(only.choice, Found)
    assert only.choice.account.id == account.account_id


def chosen(shop: Shop, key: str, choice: str) -> None:
    shop.keep()
    CustomerMatch.objects.filter(pk=shop.found(key).pk).update(choice=choice)


def test_a_persons_choice_counts() -> None:
    shop = Shop()
    shop.customer("1", email="twin@customers.example")
    accounts = [shop.account(email="twin@customers.example") for _each in range(2)]
    chosen(shop, "1", accounts[1].account_id)
    (only,) = shop.match().others
    assert isinstance(only.choice, Found)
    assert (only.choice.account.id, only.choice.reason) == (accounts[1].account_id, "chosen")


@pytest.mark.parametrize(
    ("given", "promotes", "holds"),
    [
        ({"blocked": True}, True, False),
        ({"ends": date(2020, 1, 1)}, False, False),
        ({"status": "P", "is_customer": False}, False, False),
        ({"status": "P", "is_customer": False}, True, True),
    ],
)
def test_a_chosen_account_that_takes_no_documents_by_now_is_not_linked(
    given: dict[str, object], promotes: bool, holds: bool
) -> None:
    shop = Shop(promote_prospects=promotes)
    shop.customer("1", email="twin@customers.example")
    accounts = [shop.account(email="twin@customers.example") for _each in range(2)]
    chosen(shop, "1", accounts[1].account_id)
    DirectoryAccount.objects.filter(pk=accounts[1].pk).update(**given)
    shop.keep()
    assert shop.links() == ({"1": accounts[1].account_id} if holds else {})
    if not holds:
        assert shop.found("1").choice == accounts[1].account_id  # it is linked once it takes documents again


@pytest.mark.parametrize(
    ("key", "minutes", "holds"), [("2", 1, False), ("2", -1, True), ("1-abc123", 1, True), ("G0123456789ab", 1, False)]
)
def test_a_chosen_account_that_was_given_to_another_customer_since_is_asked_about_again(
    key: str, minutes: int, holds: bool
) -> None:
    shop = Shop()
    shop.customer("1", email="twin@customers.example")
    account = [shop.account(email="twin@customers.example") for _each in range(2)][1]
    chosen(shop, "1", account.account_id)
    now = database_now()
    CustomerMatch.objects.update(chosen_at=now)
    link = {"store": shop.connection.store, "division": shop.connection.division, "account_id": account.account_id}
    CustomerLinkFactory.create(customer_key=key, linked_at=now + timedelta(minutes=minutes), **link)
    shop.keep()
    assert ("1" in shop.links()) is holds
    if not holds:
        asked = shop.found("1")
        assert (asked.choice, asked.chosen_at) == ("", None)
        assert asked.problems[0]["code"] == "account_of_another_customer"


def test_a_person_may_choose_a_new_account_or_one_that_is_gone() -> None:
    shop = Shop()
    shop.customer("1", email="twin@customers.example")
    for _each in range(2):
        shop.account(email="twin@customers.example")
    chosen(shop, "1", CustomerMatch.NEW_ACCOUNT)
    assert choices(shop) == ["Create"]
    CustomerMatch.objects.update(choice="00000000-0000-4000-8000-ffffffffffff")
    assert choices(shop) == ["Several"]


def test_a_refused_account_stays_held_for_the_schedule_until_the_customer_changes() -> None:
    shop = Shop()
    customer = shop.customer("1")
    shop.keep()
    match = shop.found("1")
    match.outcome, match.problems = "held", [{"code": "account_refused", "line": "", "params": {}}]
    match.save()
    assert [type(each.choice).__name__ for each in shop.match(retry=False).others] == ["Problem"]
    assert choices(shop) == ["Create"]
    customer.modified_at = match.matched_at and match.matched_at.replace(year=2999)
    customer.save()
    assert [type(each.choice).__name__ for each in shop.match(retry=False).others] == ["Create"]


@pytest.mark.parametrize("column", ["deleted_at", "forgotten_at"])
def test_a_customer_who_is_gone_or_forgotten_is_not_matched(column: str) -> None:
    shop = Shop()
    shop.customer("1", **{column: "2026-01-01T00:00Z"})
    assert (shop.match().linked, shop.match().others) == (0, [])


def test_many_cost_as_many_statements_as_one() -> None:
    shop = Shop()
    for number in range(1, 3):
        shop.customer(f"{number}", postcode="1234 AB", company=f"Firm {number}", vat_number=NUMBER)
        shop.account(f"Firm {number}", email=f"shopper{number}@customers.example")
    few = statements(shop.match)
    for number in range(3, 40):
        shop.customer(f"{number}", postcode=f"{1000 + number} AB")
        shop.account(email=f"shopper{number}@customers.example")
    assert statements(shop.match) == few <= 14
