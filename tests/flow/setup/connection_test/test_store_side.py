"""The store's side of the connection test: token, scopes, facts and hooks."""

from typing import Any

import pytest

from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE
from connector.models import Connection, MappingRule, Store
from connector.sandbox.bigcommerce.state import READ_SCOPES, WRITE_SCOPES, Account
from tests.acme import STORE, Acme
from tests.flow.setup.connection_test.test_run import findings, wrong


def scopes(acme: Acme, *without: str) -> None:
    store = acme.store
    left = (READ_SCOPES | WRITE_SCOPES) - set(without)
    acme.sandbox.stores.store(STORE).add_account(
        Account(store.client_id, store.client_secret, store.access_token, scopes=left)
    )


@pytest.mark.parametrize("scope", sorted(READ_SCOPES - {"store_v2_products_read_only"}))
def test_a_missing_scope_is_named(acme: Acme, scope: str) -> None:
    Connection.objects.update(customer_direction="to_exact")
    scopes(acme, scope, "store_v2_customers")
    found = wrong(acme)
    assert set(found) == {scope}
    assert found[scope].page == "store"


@pytest.mark.parametrize(("direction", "named"), [("both", True), ("to_store", True), ("to_exact", False)])
def test_the_right_to_change_customers_is_tried_where_details_go_to_the_store(
    acme: Acme, direction: str, named: bool
) -> None:
    Connection.objects.update(customer_direction=direction)
    before = dict(acme.sandbox.stores.store(STORE).customers)
    assert ("store_v2_customers (modify)" in {finding.name for finding in findings(acme)}) == named
    scopes(acme, "store_v2_customers")
    assert ("store_v2_customers (modify)" in wrong(acme)) == named
    assert acme.sandbox.stores.store(STORE).customers == before


def test_the_products_scope_is_a_hint_until_a_rule_needs_it(acme: Acme) -> None:
    scope = "store_v2_products_read_only"
    scopes(acme, scope)
    assert wrong(acme) == {}
    assert [finding.ok for finding in findings(acme) if finding.name == scope] == [None]
    MappingRule.objects.filter(priority=10).update(when={"category": ["Books"]})
    assert set(wrong(acme)) == {scope}


def test_a_refused_store_token_ends_the_store_side_and_not_the_other(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).remove_account(acme.store.client_id)
    found = findings(acme)
    (only,) = [finding for finding in found if finding.side == STORE_SIDE]
    assert (only.name, only.ok, only.page) == ("token", False, "store")
    assert "API account" in only.what_to_do
    assert all(finding.ok for finding in found if finding.side == EXACT_SIDE)


def test_a_store_after_a_refusal_is_reported_even_when_its_token_works(acme: Acme) -> None:
    Store.objects.update(state="reconnect")
    assert set(wrong(acme)) == {"token"}


@pytest.mark.parametrize("damage", ["missing", "inactive", "secret"])
def test_hooks_must_be_there_active_and_ours(acme: Acme, damage: str) -> None:
    hooks = acme.sandbox.stores.store(STORE).hooks
    number = next(number for number, hook in hooks.items() if hook["scope"] == "store/order/updated")
    if damage == "missing":
        del hooks[number]
    elif damage == "inactive":
        hooks[number]["is_active"] = False
    else:
        hooks[number]["headers"] = {"X-Connector-Secret": "another"}
    found = wrong(acme)
    assert set(found) == {"hook store/order/updated"}
    assert "Repair" in found["hook store/order/updated"].what_to_do


def test_without_a_public_address_no_hook_is_made(acme: Acme, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    assert "PUBLIC_URL" in wrong(acme)["hooks"].text


def test_a_changed_fact_of_the_store_is_reported(acme: Acme) -> None:
    Store.objects.update(currency="USD", prices_include_tax=False)
    found = wrong(acme)
    assert set(found) == {"currency", "price basis"}
    assert "USD" in found["currency"].text
