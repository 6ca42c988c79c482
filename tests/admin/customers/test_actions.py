"""What an operator does with one customer: GET asks, POST acts, and a viewer does nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.admin.customers.actions import ACTIONS
from connector.flow.actions import customers
from connector.flow.actions.transaction import NotPossible
from connector.flow.customer.both_ways.in_step import Result
from connector.models import Connection, CustomerConflict, CustomerEvent, CustomerLink
from tenants.models import Role
from tests.admin.customers import scene
from tests.admin.customers.scene import text
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def operator(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.OPERATOR)


def address(row: CustomerLink, action: str) -> str:
    return reverse("admin:connector_customerlink_do", args=[row.pk, action])


def press(client: Client, row: CustomerLink, action: str, **given: Any) -> str:
    return text(client.post(address(row, action), given, follow=True))


def test_unlinking_asks_first_and_keeps_the_reason(connection: Connection, operator: Client) -> None:
    row = scene.linked(connection)
    assert "Take the account away" in text(operator.get(address(row, "unlink")))
    row.refresh_from_db()
    assert row.account_id
    page = press(operator, row, "unlink", reason="It is a namesake.")
    row.refresh_from_db()
    assert not row.account_id
    assert "Unlinked" in page
    assert "Reason: It is a namesake." in page


def test_a_customer_is_linked_to_an_account_that_is_found(connection: Connection, operator: Client) -> None:
    row = scene.linked(connection)
    other = scene.account(connection, "account-8", code="1008", name="Other Bakery", email="")
    assert "1008 Other Bakery" in text(operator.get(address(row, "link"), {"q": "other"}))
    page = press(operator, row, "link", chosen=other.pk)
    row.refresh_from_db()
    assert row.account_id == "account-8"
    assert "The customer is linked to 1008 Other Bakery." in page


def test_a_customer_without_a_link_gets_one(connection: Connection, operator: Client) -> None:
    customer, account = scene.customer(connection), scene.account(connection)
    do = reverse("admin:connector_storecustomer_do", args=[customer.pk, "link"])
    assert "1007 Bakery BV" in text(operator.get(do))  # it has the same e-mail address
    operator.post(do, {"chosen": account.pk})
    assert CustomerLink.objects.get().account_id == "account-7"


@pytest.mark.parametrize("chosen", ["", "x", "0", "9" * 30])
def test_what_is_no_account_links_nothing(connection: Connection, operator: Client, chosen: str) -> None:
    row = scene.linked(connection)
    assert "Choose an account." in press(operator, row, "link", chosen=chosen)


def test_an_account_of_another_organisation_is_no_choice(connection: Connection, operator: Client) -> None:
    row, theirs = scene.linked(connection), scene.account(ConnectionFactory.create(), "theirs", name="Bakery BV")
    assert f'value="{theirs.pk}"' not in text(operator.get(address(row, "link"), {"q": "bakery"}))
    assert "Choose an account." in press(operator, row, "link", chosen=theirs.pk)
    row.refresh_from_db()
    assert row.account_id == "account-7"


def test_two_customers_are_merged(connection: Connection, operator: Client) -> None:
    row, into = scene.linked(connection, "7"), scene.linked(connection, "8")
    assert f'value="{into.pk}"' in text(operator.get(address(row, "merge"), {"q": "8"}))
    press(operator, row, "merge", chosen=into.pk)
    row.refresh_from_db()
    assert row.account_id == into.account_id
    assert "Choose a customer." in press(operator, row, "merge", chosen=row.pk)


@pytest.mark.parametrize("decision", ["store", "exact", "neither"])
def test_a_conflict_is_decided(connection: Connection, operator: Client, decision: str) -> None:
    row = scene.linked(connection)
    conflict = scene.conflict(row)
    page = press(operator, row, "decide", conflict=conflict.pk, decision=decision)
    conflict.refresh_from_db()
    assert conflict.decision == decision
    assert "It is carried out within a minute." in page
    assert "data-conflict" not in page
    assert CustomerEvent.objects.get(kind="decided").actor is not None


def test_what_is_no_decision_decides_nothing(connection: Connection, operator: Client) -> None:
    row, other = scene.linked(connection), scene.linked(connection, "8")
    conflict, theirs = scene.conflict(row), scene.conflict(other)
    press(operator, row, "decide", conflict=conflict.pk, decision="odd")
    press(operator, row, "decide", conflict=theirs.pk, decision="store")
    assert not CustomerConflict.objects.exclude(decided_at=None).exists()


RESULTS = {
    "There was nothing to carry over.": Result(),
    "One group was written to Exact. 2 groups were written to the store.": Result(to_exact=1, to_store=2),
    "decide below. Something was refused": Result(conflicts=1, refused=1),
}


@pytest.mark.parametrize("action", ["pull", "push"])
@pytest.mark.parametrize("said", RESULTS)
def test_both_sides_are_read_at_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, action: str, said: str
) -> None:
    row = scene.linked(connection)
    monkeypatch.setattr(customers, f"{action}_now", lambda link, actor: RESULTS[said])
    assert said in press(scene.browser_of(connection, Role.OPERATOR), row, action)


def test_why_it_is_not_possible_is_said(
    connection: Connection, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(link: CustomerLink, actor: object) -> Result:
        raise NotPossible("Documents are being posted.")

    monkeypatch.setattr(customers, "pull_now", busy)
    assert "Documents are being posted." in press(operator, scene.linked(connection), "pull")


def test_a_viewer_does_nothing_and_sees_no_button(connection: Connection) -> None:
    viewer, row = scene.browser_of(connection, Role.VIEWER), scene.linked(connection)
    scene.conflict(row)
    page = text(viewer.get(reverse("admin:connector_customerlink_change", args=[row.pk])))
    assert "/do/unlink/" not in page
    assert 'name="decision"' not in page
    for name in ACTIONS:
        assert viewer.get(address(row, name)).status_code == 403
        assert viewer.post(address(row, name)).status_code == 403


def test_another_organisations_customer_and_an_unknown_action_are_not_found(
    connection: Connection, operator: Client
) -> None:
    theirs = scene.linked(ConnectionFactory.create())
    assert operator.post(address(theirs, "unlink")).status_code == 404
    assert operator.get(address(scene.linked(connection), "odd")).status_code == 404


def test_an_action_that_does_not_fit_any_more_leads_back(connection: Connection, operator: Client) -> None:
    row = scene.link(connection, "G1", "")
    assert "does not fit this customer any more" in press(operator, row, "unlink")
    assert operator.get(address(scene.linked(connection), "decide")).status_code == 302
