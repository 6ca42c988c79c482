"""Provisioning: all or nothing, twice changes nothing, and every refusal names what is wrong."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError

from connector.flow.inbox.webhooks import SCOPES
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, ExactGrant, MasterData, RuleVersion, Store
from connector.sandbox import Sandbox
from tenants.fields import secret_fields
from tenants.models import Membership, Tenant, User
from tests.acme import Acme

File = Mapping[str, Any]
# Calls count the store's limit, and the check of the hooks has a time.
SECRETS = [field.name for field in secret_fields(Store)]
LEFT_BY_CALLS = {"calls_left", "calls_limit", "calls_end_at", "hooks_checked_at"}


def run(file: File, *, with_hooks: bool = False) -> dict[str, Any]:
    return provision(file, with_hooks=with_hooks, tell=lambda line: None)


def rows() -> dict[str, int]:
    """How many rows there are of everything that provisioning makes."""
    models = [*apps.get_app_config("tenants").get_models(), *apps.get_app_config("connector").get_models()]
    return {model.__name__: model._default_manager.count() for model in models if model.__name__ != "SyncEvent"}


def test_it_makes_a_tenant_and_prints_what_an_operator_needs(file: dict[str, Any], db: None) -> None:
    result = run(file)
    store, connection = Store.objects.get(), Connection.objects.get()
    assert result == {
        "tenant": "demo",
        "stores": [
            {
                "store_hash": "nlshop1",
                "webhook_url": f"http://testserver/webhooks/bigcommerce/{store.webhook_uuid}/",
                "hook_secret": store.hook_secret,
            }
        ],
        "connections": [{"id": str(connection.pk), "store": "nlshop1", "division": "100001"}],
    }
    assert (store.timezone, store.currency, store.prices_include_tax) == ("Europe/Amsterdam", "EUR", True)
    division = Division.objects.get()
    assert (division.currency, division.country) == ("EUR", "NL")
    assert User.objects.get().check_password("alice-has-a-password")
    assert Membership.objects.get().role == "owner"


def test_running_it_twice_changes_nothing(acme: Acme) -> None:
    def state() -> list[dict[str, Any]]:
        models = [Tenant, User, Membership, Store, Connection, RuleVersion, MasterData]
        found = [row for model in models for row in model._default_manager.order_by("pk").values()]
        return [{name: value for name, value in row.items() if name not in {*LEFT_BY_CALLS, *SECRETS}} for row in found]

    def credentials() -> list[str]:
        return [getattr(Store.objects.get(), name) for name in SECRETS]

    secrets = credentials()
    before, hooks = state(), dict(acme.sandbox.stores.store("nlshop1").hooks)
    token = ExactGrant.objects.get().refresh_token
    run(acme.file, with_hooks=True)
    assert (state(), credentials()) == (before, secrets)
    assert acme.sandbox.stores.store("nlshop1").hooks == hooks
    assert ExactGrant.objects.get().refresh_token == token


def test_the_hooks_are_made_at_our_address_with_our_secret(acme: Acme) -> None:
    hooks = list(acme.sandbox.stores.store("nlshop1").hooks.values())
    assert {hook["scope"] for hook in hooks} == set(SCOPES)
    assert {"store/order/created", "store/order/updated"} < set(SCOPES)
    for hook in hooks:
        assert hook["destination"] == f"http://testserver/webhooks/bigcommerce/{acme.store.webhook_uuid}/"
        assert hook["headers"] == {"X-Connector-Secret": acme.store.hook_secret}
        assert hook["is_active"]


def test_a_hook_that_was_switched_off_or_has_another_secret_is_repaired(acme: Acme) -> None:
    first, second, *_ = acme.sandbox.stores.store("nlshop1").hooks.values()
    first["is_active"], second["headers"] = False, {"X-Connector-Secret": "old"}
    run(acme.file, with_hooks=True)
    test_the_hooks_are_made_at_our_address_with_our_secret(acme)


def test_a_division_of_two_stores_is_read_once(sandbox: Sandbox, db: None) -> None:
    whole = sandbox.provision_file(password="alice-has-a-password")
    reported: list[str] = []
    provision(whole, with_hooks=False, tell=reported.append)
    read = [line for line in reported if line.startswith("Reading the accounts")]
    assert len(read) == len(set(read)) < len(whole["connections"])


def test_no_hooks_leaves_the_store_alone(file: dict[str, Any], sandbox: Sandbox, db: None) -> None:
    run(file)
    assert not sandbox.stores.store("nlshop1").hooks


def set_at(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Put the last of `path` at the place that the others name."""

    def change(file: dict[str, Any]) -> None:
        place: Any = file
        for key in path[:-2]:
            place = place[key]
        place[path[-2]] = path[-1]

    return change


REFUSED = [
    (set_at("surprise", 1), "surprise is not a key"),
    (set_at("tenant", "colour", "red"), "tenant.colour is not a key"),
    (set_at("connections", 0, "items", "defualt", "X"), "connections[0].items.defualt is not a key"),
    (set_at("connections", 0, "rules", 0, "when", "colour", "x"), "colour"),
    (set_at("connections", 0, "mode", "alive"), "connections[0].mode cannot be 'alive'"),
    (set_at("connections", 0, "schedule", "sometimes"), "sometimes"),
    (set_at("connections", 0, "start_date", "soon"), "connections[0].start_date cannot be 'soon'"),
    (set_at("connections", 0, "rounding", "limit", 0.05), "connections[0].rounding.limit cannot be 0.05"),
    (set_at("connections", 0, "document", "quote"), "connections[0].document cannot be 'quote'"),
    (set_at("tenant", "timezone", []), "tenant.timezone cannot be []"),
    (set_at("tenant", "timezone", "Mars/Base"), "tenant.timezone cannot be 'Mars/Base'"),
    (set_at("stores", 0, "prefix", "much too long"), "stores[0].prefix must be"),
    (set_at("stores", 0, "store_hash", "../etc"), "stores[0].store_hash must be"),
    (set_at("exact", 0, "region", "xx"), "exact[0].region cannot be 'xx'"),
    (set_at("users", 0, "role", "king"), "users[0].role cannot be 'king'"),
    (set_at("connections", 0, "journal", "99"), "no journal '99'"),
    (set_at("connections", 0, "journal", "90"), "not a sales journal"),
    (set_at("connections", 0, "invoice_template", "Nope"), "no invoice template 'Nope'"),
    (set_at("connections", 0, "items", "default", "NOPE"), "no item 'NOPE'"),
    (set_at("connections", 0, "rounding", "gl_account", "4999"), "no GL account '4999'"),
    (set_at("connections", 0, "rules", 0, "then", "gl_account", "1"), "no GL account '1'"),
    (set_at("connections", 0, "rules", 0, "then", "cost_center", "MOON"), "no cost centre 'MOON'"),
    (set_at("connections", 0, "vat", 0, "code", "ZZ"), "no VAT code 'ZZ'"),
    (set_at("connections", 0, "vat", 0, "code", "X1"), "blocked or for purchases only"),
    (set_at("connections", 0, "vat", 0, "code", "P4"), "blocked or for purchases only"),
    (set_at("connections", 0, "payment_conditions", 0, "code", "??"), "no payment condition '??'"),
    (set_at("connections", 0, "customers", "collective_account", "999"), "no account '999'"),
    (set_at("connections", 0, "store", "other99"), "other99 is no store of this tenant"),
    (set_at("connections", 0, "division", 200002), "200002 is no division of this tenant"),
    (set_at("exact", 0, "divisions", [100001, 424242]), "424242"),
    (set_at("stores", 0, "access_token", "wrong"), "BigCommerce does not answer as it should"),
]


@pytest.mark.parametrize(("change", "reported"), REFUSED, ids=[reported for _, reported in REFUSED])
def test_what_is_wrong_is_named_and_nothing_of_it_is_kept(
    file: dict[str, Any], db: None, change: Callable[[dict[str, Any]], None], reported: str
) -> None:
    broken = copy.deepcopy(file)
    change(broken)
    with pytest.raises(Refused) as refusal:
        run(broken)
    assert reported in str(refusal.value)
    assert not Store.objects.exists()
    assert not Connection.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(("change", "reported"), REFUSED, ids=[reported for _, reported in REFUSED])
def test_a_refused_change_leaves_everything_as_it_was(
    acme: Acme, change: Callable[[dict[str, Any]], None], reported: str
) -> None:
    broken, before = copy.deepcopy(acme.file), rows()
    change(broken)
    with pytest.raises(Refused):
        run(broken)
    assert rows() == before
    assert Connection.objects.get().journal == "70"


def test_what_is_left_out_has_the_defaults_of_the_interface(file: dict[str, Any], db: None) -> None:
    spare = {name: file["connections"][0][name] for name in ("store", "division", "journal", "rules", "items")}
    file["connections"] = [spare]
    run(file)
    connection = Connection.objects.get()
    assert (connection.mode, connection.schedule, connection.finalize) == ("shadow", "immediate", False)
    assert (connection.refunds, connection.edits, connection.cancellations) == ("review", "review", "review")
    assert (str(connection.rounding_limit), connection.force_vat, connection.test_orders) == ("0.00", False, False)
    assert connection.post_statuses == [2, 3, 8, 9, 10, 11]


def test_hooks_with_a_useless_address_are_deleted(file: dict[str, Any], sandbox: Sandbox, db: None) -> None:
    sandbox.stores.faults.add("500_before", "POST", "*hooks*", skip=1)
    with pytest.raises(Refused, match="hooks could not be made"):
        run(file, with_hooks=True)
    assert not sandbox.stores.store("nlshop1").hooks
    assert not Store.objects.exists()


def test_hooks_are_taken_back_when_the_database_refuses(
    file: dict[str, Any], sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr("connector.flow.setup.provision.apply.apply", refuse)
    with pytest.raises(Refused, match="The database refuses"):
        run(file, with_hooks=True)
    assert not sandbox.stores.store("nlshop1").hooks
