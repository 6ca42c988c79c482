"""Rows with credentials note since when each is set."""

from datetime import datetime, timedelta

from connector.flow.clock import database_now
from connector.models import ExactGrant, Store
from tests.acme import Acme


def backdate(row: Store | ExactGrant) -> None:
    """Set the date of all credentials to long ago."""
    then = "2020-01-02T03:04:05+00:00"
    row.credentials_set = dict.fromkeys(row.credentials_set, then)
    row.save(update_fields=["credentials_set"])


def test_provisioning_notes_when_each_was_set(acme: Acme) -> None:
    grant = ExactGrant.objects.get()
    assert set(acme.store.credentials_set) == {"client_secret", "access_token", "hook_secret"}
    assert {"client_secret", "webhook_secret", "refresh_token"} <= set(grant.credentials_set)
    noted = datetime.fromisoformat(acme.store.credentials_set["hook_secret"])
    assert abs(database_now() - noted) < timedelta(minutes=5)


def test_provisioning_again_notes_only_what_is_another(acme: Acme) -> None:
    backdate(acme.store)
    acme.provision(acme.file)
    assert set(Store.objects.get().credentials_set.values()) == {"2020-01-02T03:04:05+00:00"}
    acme.file["stores"][0]["client_secret"] = "another-secret"
    acme.provision(acme.file)
    noted = Store.objects.get().credentials_set
    assert not noted["client_secret"].startswith("2020")
    assert noted["hook_secret"].startswith("2020")
