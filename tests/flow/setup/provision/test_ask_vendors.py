"""What provisioning asks of both vendors, and which tokens are kept of it."""

import copy
from typing import Any

import pytest

from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, ExactGrant
from connector.sandbox import Sandbox
from tenants.models import Tenant
from tests.acme import Acme
from tests.flow.setup.provision.test_run import run


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
