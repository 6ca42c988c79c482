"""Who may press what, held against the table of roles: superuser, owner, accountant, operator, viewer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from connector.admin.connections.actions import BUTTONS
from connector.admin.documents.actions import ACTIONS
from connector.models import BulkRun, Connection, ExactGrant, OrderSync, RuleVersion
from tenants.models import User
from tests.tenants.world import World, logged_in

Browser = Callable[[str], Client]
PEOPLE = {"sue": "superuser", "alice": "owner", "adam": "accountant", "oscar": "operator", "vera": "viewer"}
OWNERS = {"sue", "alice"}
ACCOUNTANTS = OWNERS | {"adam"}
OPERATORS = ACCOUNTANTS | {"oscar"}

# Documents: re-post, retry, skip are operators'; what decides on money is accountants'.
ON_DOCUMENTS = {
    "retry": OPERATORS,
    "refetch": OPERATORS,
    "re_post": OPERATORS,
    "skip": OPERATORS,
    "approve": ACCOUNTANTS,
    "link": ACCOUNTANTS,
    "credit_now": ACCOUNTANTS,
    "credit_amount": ACCOUNTANTS,
    "credit_and_repost": ACCOUNTANTS,
    "leave_it": ACCOUNTANTS,
    "settle": ACCOUNTANTS,
}
ON_CONNECTIONS = {
    "run_now": OPERATORS,
    "hooks": OPERATORS,
    "pause": ACCOUNTANTS,
    "resume": ACCOUNTANTS,
    "pull": ACCOUNTANTS,
    "secret": OWNERS,
}


def is_refused(client: Client, address: str) -> bool:
    """Whether a POST is refused for the role; a reason is left out, so that nothing is done."""
    return client.post(address, {}).status_code == 403


def test_the_table_has_every_action() -> None:
    """Another action needs its row here, and in docs/operating.md."""
    assert set(ACTIONS) == set(ON_DOCUMENTS)
    assert set(BUTTONS) == set(ON_CONNECTIONS)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_documents(name: str, browser: Browser, acme: World) -> None:
    state = sorted(ACTIONS[name].states)[0]
    OrderSync.objects.update(
        state=state,
        reason={"blocked": "mapping", "skipped": "status"}.get(state, ""),
        next_attempt_at="2026-01-01T00:00Z" if state in {"pending", "waiting", "uncertain"} else None,
        approved_at=None,
    )
    address = reverse("admin:connector_ordersync_do", args=[acme.of(OrderSync).pk, name])
    assert {who for who in PEOPLE if not is_refused(browser(who), address)} == ON_DOCUMENTS[name]


@pytest.mark.parametrize("name", sorted(BUTTONS))
def test_connections(name: str, browser: Browser, acme: World) -> None:
    address = reverse("admin:connector_connection_do", args=[acme.of(Connection).pk, name])
    assert {who for who in PEOPLE if not is_refused(browser(who), address)} == ON_CONNECTIONS[name]


@pytest.mark.parametrize("page", ["connect", "confirm", "divisions"])
def test_a_consent_is_the_owners(page: str, browser: Browser, acme: World) -> None:
    address = reverse(f"admin:connector_exactgrant_{page}", args=[acme.of(ExactGrant).pk])
    assert {who for who in PEOPLE if not is_refused(browser(who), address)} == OWNERS


def test_rules_are_the_accountants(browser: Browser, acme: World) -> None:
    for address in (
        reverse("admin:connector_connection_rules", args=[acme.of(Connection).pk]),
        reverse("admin:connector_ruleversion_again", args=[acme.of(RuleVersion).pk]),
    ):
        assert {who for who in PEOPLE if not is_refused(browser(who), address)} == ACCOUNTANTS


def test_connections_are_added_by_owners_and_changed_by_accountants(browser: Browser, acme: World) -> None:
    adding = reverse("admin:connector_connection_add")
    assert {who for who in PEOPLE if not is_refused(browser(who), adding)} == OWNERS
    changing = reverse("admin:connector_connection_change", args=[acme.of(Connection).pk])
    assert {who for who in PEOPLE if not is_refused(browser(who), changing)} == ACCOUNTANTS


def test_stopping_a_bulk_re_post(browser: Browser, acme: World) -> None:
    address = reverse("admin:connector_bulkrun_stop", args=[acme.of(BulkRun).pk])
    assert {who for who in PEOPLE if not is_refused(browser(who), address)} == OPERATORS


def test_a_superuser_who_has_chosen_no_organisation_does_nothing(people: dict[str, User], acme: World) -> None:
    client = logged_in(people["sue"])
    documents = [reverse("admin:connector_ordersync_do", args=[acme.of(OrderSync).pk, name]) for name in ACTIONS]
    connections = [reverse("admin:connector_connection_do", args=[acme.of(Connection).pk, name]) for name in BUTTONS]
    others = [
        reverse("admin:connector_exactgrant_connect", args=[acme.of(ExactGrant).pk]),
        reverse("admin:connector_bulkrun_stop", args=[acme.of(BulkRun).pk]),
        reverse("admin:connector_connection_test", args=[acme.of(Connection).pk]),
    ]
    assert all(is_refused(client, address) for address in [*documents, *connections, *others])


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_buttons_are_shown_to_people_who_may_press_them(name: str, browser: Browser, acme: World) -> None:
    page = browser(name).get(reverse("admin:connector_ordersync_change", args=[acme.of(OrderSync).pk]))
    offered = {action.name for action in page.context["buttons"]}
    assert offered == {each for each in ("re_post", "refetch", "link", "skip") if name in ON_DOCUMENTS[each]}
    page = browser(name).get(reverse("admin:connector_connection_change", args=[acme.of(Connection).pk]))
    offered = {button.name for button in page.context["buttons"]}
    assert offered == {each for each in BUTTONS if each != "resume" and name in ON_CONNECTIONS[each]}
