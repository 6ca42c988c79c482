"""`export`, as a shell sees it."""

import copy
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model

from connector.flow.setup.provision.run import provision
from connector.models import Connection
from connector.sandbox import Sandbox
from tests.acme import Acme


def run(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


SECRETS = {"exact": ("client_secret", "webhook_secret"), "stores": ("client_secret", "access_token")}


def with_secrets(exported: dict[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    """Put the secrets back in, as an operator does."""
    whole = copy.deepcopy(exported)
    for part, names in SECRETS.items():
        originals = {each["name"]: each for each in file[part]}
        for each in whole[part]:
            each |= {name: originals[each["name"]][name] for name in names}
    return whole


def state() -> list[dict[str, Any]]:
    """All rows that provisioning writes, but for when it looked and what its calls counted."""
    models = [*apps.get_app_config("tenants").get_models(), *apps.get_app_config("connector").get_models()]
    left_out = {"SyncEvent", "ExactGrant", "Division", "DirectoryAccount"}
    counted = {"calls_left", "calls_limit", "calls_end_at", "hooks_checked_at"}
    return [
        {name: getattr(row, name) for name in names(row) if name not in counted}
        for model in models
        if model.__name__ not in left_out
        for row in model._default_manager.order_by("pk")
    ]


def names(row: Model) -> list[str]:
    """The columns of a row. Its credentials are compared as they are read: each encryption is another text."""
    return [field.attname for field in row._meta.concrete_fields]


def test_what_is_exported_provisions_to_the_same(sandbox: Sandbox, db: None) -> None:
    file = sandbox.provision_file(password="alice-has-a-password")
    provision(file, with_hooks=True, tell=lambda line: None)
    exported = run("export", "demo")
    before = state()
    provision(with_secrets(exported, file), with_hooks=True, tell=lambda line: None)
    assert state() == before
    assert run("export", "demo") == exported
    assert len(exported["connections"]) == 4
    (rate,) = (rule for rule in exported["connections"][0]["rules"] if rule["priority"] == 10)
    assert rate["then"]["gl_account"] == "8100"


def test_an_export_holds_no_secret(acme: Acme) -> None:
    report = json.dumps(run("export", "demo"))
    grant = acme.connection.division.grant
    secrets = [acme.store.access_token, acme.store.client_secret, acme.store.hook_secret, grant.client_secret]
    secrets += [grant.refresh_token, grant.access_token, grant.webhook_secret, "alice-has-a-password"]
    assert not [secret for secret in secrets if secret and secret in report]


def test_a_paused_connection_is_exported_as_off_and_stays_paused(acme: Acme) -> None:
    Connection.objects.update(mode="off", paused_mode="live")
    exported = run("export", "demo")
    assert exported["connections"][0]["mode"] == "off"
    acme.provision(with_secrets(exported, acme.file))
    assert Connection.objects.get().paused_mode == "live"
    acme.provision(acme.file)
    assert (Connection.objects.get().mode, Connection.objects.get().paused_mode) == ("live", "")


def test_the_export_of_an_unknown_tenant_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        run("export", "nobody")
