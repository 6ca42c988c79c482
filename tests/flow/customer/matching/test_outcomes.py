"""What matching came to is written once, and a person's choice stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from connector.flow.clock import database_now
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.matched import Matched
from connector.models import Connection, CustomerEvent, CustomerLink, CustomerMatch, DirectoryAccount, Division
from tests.factories import CustomerLinkFactory
from tests.flow.customer.locks import locked
from tests.flow.customer.shop import Shop

pytestmark = pytest.mark.usefixtures("one_reading")


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(database) as captured:
        act()
    return len(captured)


def three() -> Shop:
    """A shop with a customer who has an account, one who has none, and one who has two that fit."""
    shop = Shop()
    for key in ("1", "2", "3"):
        shop.customer(key)
    shop.account(email="shopper1@customers.example", code="41")
    for code in ("42", "43"):
        shop.account(email="shopper3@customers.example", code=code)
    return shop


def test_links_and_matches_are_written() -> None:
    shop = three()
    kept = shop.keep()
    assert (kept.linked, kept.ambiguous) == (1, 1)
    link = CustomerLink.objects.get()
    assert (link.customer_key, link.account_code, link.matched_by) == ("1", "41", "email_and_name")
    assert (link.search_code, link.name) == ("NLS-1", "Jane Doe")
    assert link.score is not None
    assert link.linked_at is not None
    assert (shop.found("2").outcome, shop.found("2").candidates) == ("new", [])
    several = shop.found("3")
    assert (several.outcome, [each["code"] for each in several.candidates]) == ("ambiguous", ["42", "43"])
    assert several.candidates[0].keys() == {"account_id", "code", "name", "score", "reason"}
    assert several.problems[0]["code"] == "accounts_alike"
    event = CustomerEvent.objects.get()
    assert (event.kind, event.origin, event.customer_key, event.account_id) == ("linked", "run", "1", link.account_id)


def test_matches_are_locked_before_links() -> None:
    order = ["customermatch", "customerlink"]
    assert locked(three().keep, *order) == order


def test_who_was_linked_by_a_person_at_the_same_moment_has_no_line_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = three()
    make = outcomes._row

    def link_first(connection: Connection, each: Matched) -> CustomerLink:
        row = make(connection, each)
        CustomerLinkFactory.create(
            store=row.store, division=row.division, customer_key=row.customer_key, account_id="chosen"
        )
        return row

    monkeypatch.setattr(outcomes, "_row", link_first)
    assert shop.keep().linked == 0
    assert shop.links() == {"1": "chosen"}
    assert not CustomerEvent.objects.exists()


def test_a_second_time_changes_nothing() -> None:
    shop = three()
    shop.keep()
    before = [list(model.objects.order_by("pk").values_list("pk")) for model in (CustomerLink, CustomerEvent)]
    assert shop.keep().linked == 0
    assert [list(model.objects.order_by("pk").values_list("pk")) for model in (CustomerLink, CustomerEvent)] == before
    assert CustomerMatch.objects.count() == 2


def test_a_persons_choice_stays_until_it_is_done() -> None:
    shop = three()
    shop.keep()
    CustomerMatch.objects.filter(pk=shop.found("2").pk).update(choice="new")
    shop.keep()
    assert shop.found("2").choice == "new"
    account = shop.found("3").candidates[1]["account_id"]
    CustomerMatch.objects.filter(pk=shop.found("3").pk).update(choice=account)
    shop.keep()
    assert shop.links()["3"] == account
    assert not CustomerMatch.objects.filter(customer__customer_key="3").exists()


def test_a_customer_whom_an_order_has_linked_meanwhile_stays_so() -> None:
    shop = three()
    found = shop.match().others
    link = {"store": shop.connection.store, "division": shop.connection.division}
    theirs = CustomerLinkFactory.create(customer_key="1", **link)
    assert outcomes.keep(shop.connection, found, None).linked == 0
    assert shop.links()["1"] == theirs.account_id


def test_a_link_whose_account_was_deleted_is_made_again() -> None:
    shop = three()
    link = {"store": shop.connection.store, "division": shop.connection.division}
    row = CustomerLinkFactory.create(customer_key="1", account_id="", store_base={"names": "x"}, **link)
    assert shop.keep().linked == 1
    row.refresh_from_db()
    assert (row.account_code, row.store_base) == ("41", {})
    assert row.since > row.created_at


@pytest.mark.parametrize(
    ("read_after", "code", "linked"),
    [(None, "", 0), (timedelta(seconds=1), "", 0), (timedelta(hours=1), "", 1), (None, "NLS-1", 1)],
)
def test_a_customer_whose_account_is_being_made_waits_for_it(
    settings: Settings, read_after: timedelta | None, code: str, linked: int
) -> None:
    """Unless it is the one that was found, or the accounts were read when it must have shown."""
    settings.CONNECTOR_SETTLE_SECONDS = 60
    shop = three()
    sent_at = database_now()
    DirectoryAccount.objects.filter(code="41").update(search_code=code)
    Division.objects.update(accounts_read_at=None if read_after is None else sent_at + read_after)
    link = {"store": shop.connection.store, "division": shop.connection.division}
    row = CustomerLinkFactory.create(customer_key="1", account_id="", sent_at=sent_at, **link)
    customer = shop.connection.store.customers.get(customer_key="1")
    CustomerMatch.objects.create(customer=customer, division=shop.connection.division, outcome="new")
    assert shop.keep().linked == linked
    row.refresh_from_db()
    assert (row.account_code == "41", row.sent_at is None) == (bool(linked), bool(linked))
    assert CustomerMatch.objects.filter(customer=customer).exists() is not bool(linked)


def test_matches_of_customers_who_are_linked_are_forgotten() -> None:
    shop = three()
    shop.keep()
    CustomerLinkFactory.create(store=shop.connection.store, division=shop.connection.division, customer_key="2")
    outcomes.forget_linked(shop.connection)
    assert list(CustomerMatch.objects.values_list("customer__customer_key", flat=True)) == ["3"]
    assert outcomes.waiting_for_person(shop.connection).count() == 1


def test_a_customer_without_a_name_is_held() -> None:
    shop = Shop()
    shop.customer("1", "", email="noemail@customers.example")
    shop.keep()
    assert (shop.found("1").outcome, shop.found("1").problems[0]["code"]) == ("held", "customer_without_name")


def test_many_cost_as_many_statements_as_one() -> None:
    shop = three()
    found = shop.match().others
    few = statements(lambda: outcomes.keep(shop.connection, found, None))
    for number in range(4, 40):
        shop.customer(f"{number}", f"Jane {number}")
        if number % 2:
            shop.account(f"Jane {number}", email=f"shopper{number}@customers.example")
    more = shop.match().others
    assert statements(lambda: outcomes.keep(shop.connection, more, None)) == few


def test_a_report_keeps_what_a_person_chose_and_forgets_what_is_certain_now() -> None:
    shop = three()
    link = {"division": shop.connection.division, "outcome": "ambiguous"}
    row = shop.connection.store.customers.get(customer_key="1")
    CustomerMatch.objects.create(customer=row, **link)
    assert outcomes.note(shop.connection, shop.match().others) == 1
    assert not CustomerMatch.objects.filter(customer=row).exists()
    CustomerMatch.objects.create(customer=row, choice="new", **link)
    outcomes.note(shop.connection, shop.match().others)
    assert CustomerMatch.objects.get(customer=row).choice == "new"
    assert CustomerLink.objects.count() == 0
