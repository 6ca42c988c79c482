"""Provisioning: all or nothing, twice changes nothing, and every refusal names what is wrong."""

import copy
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError

from connector.flow.clock import database_now
from connector.flow.inbox.webhooks import SCOPES
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, Division, ExactGrant, MasterData, OrderSync, RuleVersion, Store
from connector.sandbox import Sandbox
from tenants.fields import secret_fields
from tenants.models import Membership, Tenant, User
from tests.acme import Acme

File = Mapping[str, Any]
# Calls count the store's limit, and the check of the hooks has a time.
SECRETS = [field.name for field in secret_fields(Store)]
LEFT_BY_CALLS = {"calls_left", "calls_limit", "calls_end_at", "hooks_checked_at"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


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


def test_an_app_that_must_filter_reads_the_items_all_the_same(file: dict[str, Any], sandbox: Sandbox, db: None) -> None:
    sandbox.exact.set(mandatory_filter=True)
    run(file)
    assert MasterData.objects.filter(kind="item", code="WEBSHOP").exists()


def test_a_minute_without_calls_is_waited_out(
    file: dict[str, Any], sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.exact.faults.add("429_minute", "GET", "*GLAccounts*")
    naps: list[float] = []
    monkeypatch.setattr("connector.flow.setup.within_budget.stopping.pause", naps.append)
    clock = database_now
    monkeypatch.setattr(
        "connector.flow.outbound.rate_limits.database_now", lambda: clock() + timedelta(seconds=sum(naps))
    )
    run(file)
    assert len(naps) <= 2  # Exact's clock is read to the second, so a second nap may be of one
    assert 0 < naps[0] <= 61


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


def test_every_unknown_code_is_named_at_once(file: dict[str, Any], db: None) -> None:
    file["connections"][0]["journal"] = "99"
    file["connections"][0]["items"]["default"] = "NOPE"
    file["connections"][0]["vat"][0]["code"] = "ZZ"
    with pytest.raises(Refused) as refusal:
        run(file)
    assert all(code in str(refusal.value) for code in ("'99'", "'NOPE'", "'ZZ'"))


def test_the_tokens_exchanged_while_checking_are_kept_when_the_rest_is_refused(
    file: dict[str, Any], sandbox: Sandbox, db: None
) -> None:
    right = copy.deepcopy(file)
    file["connections"][0]["journal"] = "99"
    with pytest.raises(Refused):
        run(file)
    grant = ExactGrant.objects.get()
    assert grant.access_token
    assert grant.refresh_token != file["exact"][0]["refresh_token"]
    run(right)  # the corrected file: its used refresh token is not tried again
    assert sandbox.exact.calls.count("POST", "*/oauth2/token") == 1
    assert Connection.objects.exists()


def test_a_consent_that_never_worked_leaves_nothing_behind(file: dict[str, Any], db: None) -> None:
    file["exact"][0]["refresh_token"] = "never issued"
    with pytest.raises(Refused, match="no token could be had"):
        run(file)
    assert not ExactGrant.objects.exists()
    assert not Tenant.objects.exists()


def test_a_new_refresh_token_is_taken_only_by_a_consent_in_reconnect(acme: Acme) -> None:
    kept = ExactGrant.objects.get().refresh_token
    renewed = copy.deepcopy(acme.file)
    renewed["exact"][0]["refresh_token"] = acme.sandbox.exact.issue_refresh_token()
    run(renewed)
    assert ExactGrant.objects.get().refresh_token == kept
    ExactGrant.objects.update(state="reconnect")
    run(renewed)
    assert ExactGrant.objects.get().state == "active"
    assert ExactGrant.objects.get().refresh_token != kept


def test_another_tenants_store_is_refused(acme: Acme) -> None:
    theirs = {**copy.deepcopy(acme.file), "exact": [], "connections": [], "users": []}
    theirs["tenant"]["slug"] = "charlie"
    with pytest.raises(Refused, match="nlshop1 belongs to another tenant"):
        run(theirs)
    assert not Tenant.objects.filter(slug="charlie").exists()


def test_another_tenants_division_is_refused(acme: Acme) -> None:
    theirs = {**copy.deepcopy(acme.file), "stores": [], "connections": [], "users": []}
    theirs["tenant"]["slug"] = "charlie"
    theirs["exact"][0]["refresh_token"] = acme.sandbox.exact.issue_refresh_token()
    with pytest.raises(Refused, match="100001 belongs to another tenant"):
        run(theirs)
    assert not Tenant.objects.filter(slug="charlie").exists()


def test_a_prefix_is_frozen_after_the_first_document(acme: Acme) -> None:
    renamed = copy.deepcopy(acme.file)
    renamed["stores"][0]["prefix"] = "OTHER"
    acme.ring(1001)
    acme.drain()
    with pytest.raises(Refused, match="cannot change any more"):
        run(renamed)
    OrderSync.objects.all().delete()
    run(renamed)
    assert Store.objects.get().prefix == "OTHER"


def test_a_password_counts_only_when_the_user_is_made(acme: Acme) -> None:
    again = copy.deepcopy(acme.file)
    again["users"][0]["password"] = "another-password"
    run(again)
    assert User.objects.get().check_password("alice-has-a-password")


def test_a_change_of_the_rules_makes_the_next_version_and_keeps_the_old_one(acme: Acme) -> None:
    changed = copy.deepcopy(acme.file)
    changed["connections"][0]["rules"][0]["then"]["gl_account"] = "8200"
    run(changed)
    assert [version.number for version in RuleVersion.objects.order_by("number")] == [1, 2]
    first, second = RuleVersion.objects.order_by("number")
    assert first.mapping_rules.get(priority=10).gl_account == "8100"
    assert second.mapping_rules.get(priority=10).gl_account == "8200"


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


def test_a_second_run_keeps_what_a_worker_wrote_meanwhile(acme: Acme) -> None:
    def work(line: str) -> None:
        if "hooks" in line:
            Store.objects.update(polled_until=NOON)

    acme.file["stores"][0]["name"] = "Another name"
    Store.objects.update(hooks_checked_at=None)
    provision(acme.file, with_hooks=True, tell=work)
    store = Store.objects.get()
    assert (store.name, store.polled_until) == ("Another name", NOON)
    assert store.hooks_checked_at  # written by this run itself


def moved(acme: Acme, old_mode: str | None) -> dict[str, Any]:
    """Acme's file with its store moved to another division, the new one first."""
    file = copy.deepcopy(acme.file)
    (old,) = file["connections"]
    file["exact"][0]["divisions"] = [100001, 200002]
    new = {"store": "nlshop1", "division": 200002, "mode": "live", "journal": "70"}
    file["connections"] = [new] if old_mode is None else [new, {**old, "mode": old_mode}]
    return file


def test_a_store_moves_to_another_division_in_one_run(acme: Acme) -> None:
    run(moved(acme, "off"))
    assert dict(Connection.objects.values_list("division__code", "mode")) == {100001: "off", 200002: "live"}


def test_a_second_connection_that_posts_is_refused_by_name(acme: Acme) -> None:
    with pytest.raises(Refused, match="posts to division 100001 already"):
        run(moved(acme, None))
    assert Connection.objects.count() == 1


def test_running_it_again_leaves_what_is_held_alone(acme: Acme) -> None:
    acme.connection.item_strategy = "sku"
    acme.connection.save()
    acme.file["connections"][0]["items"]["strategy"] = "sku"
    acme.ring(1038)
    acme.drain()
    assert acme.document(1038).state == "blocked"
    run(acme.file)
    assert acme.document(1038).state == "blocked"
    acme.file["connections"][0]["items"]["strategy"] = "sku_then_default"
    run(acme.file)
    assert acme.document(1038).state == "pending"


def test_what_was_held_in_shadow_mode_is_not_posted_by_going_live(acme: Acme) -> None:
    acme.file["connections"][0].update({"mode": "shadow", "items": {**acme.file["connections"][0]["items"]}})
    acme.file["connections"][0]["items"]["strategy"] = "sku"
    run(acme.file)
    acme.ring(1038)
    acme.drain()
    assert acme.document(1038).state == "blocked"
    acme.file["connections"][0]["mode"] = "live"
    acme.file["connections"][0]["items"]["strategy"] = "sku_then_default"
    run(acme.file)
    acme.drain()
    assert (acme.document(1038).state, acme.document(1038).reason) == ("skipped", "shadow")


def test_null_is_as_good_as_left_out(file: dict[str, Any], db: None) -> None:
    file["exact"][0]["webhook_secret"] = None
    file["connections"][0]["start_date"] = None
    file["connections"][0]["customers"]["collective_account"] = None
    file["users"][0]["password"] = None
    run(file)
    assert Connection.objects.exists()


def test_without_a_start_date_it_is_the_stores_today(file: dict[str, Any], db: None) -> None:
    file["tenant"]["timezone"] = "Pacific/Kiritimati"  # where it is tomorrow already
    del file["connections"][0]["start_date"]
    run(file)
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    assert Connection.objects.get().start_date == today
