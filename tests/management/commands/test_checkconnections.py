"""`checkconnections`, as a shell sees it."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.acme import STORE, Acme


def run(*arguments: str) -> tuple[str, str]:
    """What it prints, and the error it ends with; "" when it ends well."""
    out, error = io.StringIO(), ""
    try:
        call_command("checkconnections", *arguments, stdout=out, stderr=io.StringIO())
    except CommandError as ended:
        error = str(ended)
    return out.getvalue(), error


def test_one_json_array_of_connections_with_their_findings(acme: Acme) -> None:
    text, error = run("--json")
    (row,) = json.loads(text)
    assert error == ""
    assert (row["id"], row["tenant"]) == (str(acme.connection.pk), "demo")
    assert (row["store"], row["division"], row["ok"]) == (STORE, "100001", True)
    assert {finding["side"] for finding in row["findings"]} == {"bigcommerce", "exact"}
    assert all(set(finding) == {"side", "name", "ok", "text", "what_to_do"} for finding in row["findings"])
    assert all(finding["ok"] is True and finding["what_to_do"] for finding in row["findings"])


def test_whatever_is_broken_ends_it_with_an_error_and_still_one_json_value(acme: Acme) -> None:
    acme.sandbox.exact.revoke()
    type(acme.connection.division.grant).objects.update(access_token="", access_expires_at=None)
    text, error = run("--json", "--tenant", "demo")
    (row,) = json.loads(text)
    assert "1 of 1" in error
    assert row["ok"] is False
    assert [finding["name"] for finding in row["findings"] if finding["ok"] is False] == ["token"]


def test_people_get_marks_and_what_to_do(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    text, error = run()
    assert error
    assert "✓ bigcommerce, token" in text
    assert "✗ bigcommerce, hook store/order/created" in text
    assert "Repair the hooks" in text


def test_no_secret_is_printed(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("401", times=-1)
    text, error = run("--json")
    grant = acme.connection.division.grant
    for secret in (acme.store.access_token, acme.store.hook_secret, grant.client_secret, grant.refresh_token):
        assert secret not in text + error


def test_an_unknown_tenant_is_an_error_that_names_it(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("checkconnections", "--tenant", "nobody")


def test_a_key_that_is_gone_does_not_stop_it(acme: Acme, settings: Any) -> None:
    settings.SALT_KEY = ["another-key"]
    text, error = run("--json")
    assert error
    assert "credentials" in {finding["name"] for finding in json.loads(text)[0]["findings"]}


def test_nothing_to_test_is_no_error(db: None) -> None:
    assert run("--json") == ("[]\n", "")
