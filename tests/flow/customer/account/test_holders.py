"""An account that a registered customer has is no other customer's, for an order as for a pull."""

import pytest

from connector.flow.actions import customers as actions
from connector.flow.clock import database_now
from connector.flow.customer.account.holders import holders_of
from connector.flow.customer.both_ways.pairs import pairs_of
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.models import Connection, CustomerLink, CustomerMatch, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import post
from tests.flow.customer.ordering import NUMBER
from tests.flow.customer.shop import Shop
from tests.flow.records import canary

BOOK = [{"id": 1, "street_1": canary.STREET, "city": canary.CITY, "postcode": canary.ZIP, "country": "NL"}]


@pytest.fixture
def family(acme: Acme) -> Acme:
    """Acme with an order of 201 that was posted, and one of 202: the same name, postcode and phone, another address."""
    Connection.objects.update(customer_direction="none")
    for order, key in ((1001, 201), (1002, 202)):
        canary.rewrite(acme, order, customer_id=key)
    billing(acme)["email"] = "son@other.example"
    assert post(acme).state == "posted"
    return acme


def billing(acme: Acme, order: int = 1002) -> dict[str, object]:
    address: dict[str, object] = canary.shop(acme).orders[order].order["billing_address"]
    return address


def accounts() -> dict[str, str]:
    return dict(CustomerLink.objects.exclude(account_id="").values_list("customer_key", "account_id"))


def listed(acme: Acme) -> StoreCustomer:
    """Read both customers into our copy; the one without a link is matched."""
    emails = {"201": canary.EMAIL, "202": "son@other.example"}
    StoreCustomer.objects.filter(customer_key__in=emails).delete()
    for key, email in emails.items():
        StoreCustomer.objects.create(
            store=acme.store, customer_key=key, email=email, first_name=canary.FIRST, last_name=canary.LAST,
            phone=canary.PHONE, addresses=BOOK,
        )  # fmt: skip
    return StoreCustomer.objects.get(customer_key="202")


def test_an_order_is_held_when_another_customer_has_the_account(family: Acme) -> None:
    document = post(family, 1002)
    assert (document.state, document.code) == ("blocked", "account_of_another_customer")
    assert set(accounts()) == {"201"}


def test_a_pull_says_the_same(family: Acme) -> None:
    customer = listed(family)
    (found,) = match(family.connection, customers_of(family.connection).filter(pk=customer.pk)).others
    assert outcomes.problems_of(found)[0]["code"] == post(family, 1002).code == "account_of_another_customer"


def test_a_guest_who_registers_has_the_account_and_a_second_order_too(acme: Acme) -> None:
    canary.rewrite(acme, 1001, customer_id=0)
    for order in (1002, 1003):
        canary.rewrite(acme, order, customer_id=202)
    assert {post(acme, order).state for order in (1001, 1002, 1003)} == {"posted"}
    assert len(set(accounts().values())) == 1


def test_a_guest_with_a_customers_address_and_name_goes_to_that_account(family: Acme) -> None:
    canary.rewrite(family, 1003, customer_id=0)
    assert post(family, 1003).state == "posted"
    assert len(set(accounts().values())) == 1


def test_a_guest_gets_no_account_that_a_customer_has_for_another_person(family: Acme) -> None:
    StoreCustomer.objects.create(
        store=family.store, customer_key="201", email="piet@other.example", first_name="Piet", last_name="Bos"
    )
    canary.rewrite(family, 1003, customer_id=0)
    document = post(family, 1003)
    assert (document.state, document.code) == ("blocked", "account_of_registered")
    code = document.problems[0]["params"]["search_code"]
    family.sandbox.exact.edit(DIVISION, accounts()["201"], SearchCode=code)
    assert post(family, 1003).state == "posted"
    assert len(set(accounts().values())) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_who_registers_again_has_the_account_when_the_former_customer_is_gone(family: Acme, gone: bool) -> None:
    listed(family)
    StoreCustomer.objects.filter(customer_key="201").update(deleted_at=database_now() if gone else None)
    again = StoreCustomer.objects.create(
        store=family.store, customer_key="203", email=canary.EMAIL, first_name=canary.FIRST, last_name=canary.LAST
    )
    canary.rewrite(family, 1003, customer_id=203)
    (found,) = match(family.connection, customers_of(family.connection).filter(pk=again.pk)).others
    assert outcomes.gets_account(found) is gone
    document = post(family, 1003)
    if not gone:
        assert document.code == "account_of_another_customer"
        return
    link = CustomerLink.objects.get(customer_key="203")
    assert (document.state, link.account_id) == ("posted", accounts()["201"])
    assert not pairs_of([link])[0].is_shared


def test_a_gone_customers_account_is_not_that_of_another_person(family: Acme) -> None:
    listed(family)
    StoreCustomer.objects.filter(customer_key="201").update(deleted_at=database_now())
    assert post(family, 1002).code == "account_of_another_customer"


def test_an_order_goes_to_the_account_with_its_vat_number(acme: Acme) -> None:
    for order, key in ((1001, 201), (1002, 202)):
        canary.rewrite(acme, order, customer_id=key)
        billing(acme, order)["form_fields"] = [NUMBER]
    billing(acme)["email"], billing(acme)["company"] = "son@other.example", "Another Ltd"
    assert {post(acme, order).state for order in (1001, 1002)} == {"posted"}
    assert len(set(accounts().values())) == 1


def test_a_new_account_that_a_person_chose_is_made_by_the_order(family: Acme) -> None:
    customer = listed(family)
    matched = match(family.connection, customers_of(family.connection).filter(pk=customer.pk))
    outcomes.keep(family.connection, matched.others, None)
    CustomerMatch.objects.filter(customer=customer).update(choice=CustomerMatch.NEW_ACCOUNT)
    assert post(family, 1002).state == "posted"
    assert len(set(accounts().values())) == 2
    assert CustomerLink.objects.get(customer_key="202").matched_by == "created"


def test_an_account_with_our_search_code_goes_before_a_new_one(family: Acme) -> None:
    customer = listed(family)
    ours = family.sandbox.exact.add_account(100001, Name=canary.NAME, SearchCode="NLS-202")
    CustomerMatch.objects.create(
        customer=customer, division=family.connection.division, outcome="new", choice=CustomerMatch.NEW_ACCOUNT
    )
    assert post(family, 1002).state == "posted"
    assert accounts()["202"] == ours


def test_an_account_that_was_taken_away_does_not_come_back_from_the_time_as_a_guest(acme: Acme) -> None:
    Connection.objects.update(customer_direction="none")
    canary.rewrite(acme, 1001, customer_id=0)
    for order in (1002, 1003):
        canary.rewrite(acme, order, customer_id=202)
    post(acme, 1001)
    post(acme, 1002)
    link = CustomerLink.objects.get(customer_key="202")
    before = link.account_id
    actions.unlink(link, None, "another person")
    assert post(acme, 1003).state == "posted"
    link.refresh_from_db()
    assert link.account_id not in {"", before}


@pytest.mark.django_db
def test_holders_are_registered_customers_of_the_store_also_those_not_read_yet() -> None:
    shop = Shop()
    shop.customer("1", "Vera Dijk")
    for key, account in (("1-3f9a01", "a"), ("2", "a"), ("G3f9a01b2c4d5", "a"), ("3", "b"), ("G3f9a01b2c4d6", "c")):
        CustomerLink.objects.create(
            store=shop.connection.store, division=shop.connection.division, customer_key=key, account_id=account,
            search_code=f"NLS-{key}", name="Piet Dijk",
        )  # fmt: skip
    found = holders_of(shop.connection, ["a", "c"])
    assert {account: sorted((each.key, each.name) for each in several) for account, several in found.items()} == {
        "a": [("1", "Vera Dijk"), ("2", "Piet Dijk")]
    }
