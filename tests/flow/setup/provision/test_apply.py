"""What a checked file writes, and what it leaves alone."""

import copy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.flow.setup.provision.run import provision
from connector.models import Connection, Store
from tenants.models import User
from tests.acme import Acme
from tests.flow.setup.provision.test_run import run

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_password_counts_only_when_the_user_is_made(acme: Acme) -> None:
    again = copy.deepcopy(acme.file)
    again["users"][0]["password"] = "another-password"
    run(again)
    assert User.objects.get().check_password("alice-has-a-password")


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


def test_without_a_start_date_it_is_the_stores_today(file: dict[str, Any], db: None) -> None:
    file["tenant"]["timezone"] = "Pacific/Kiritimati"  # where it is tomorrow already
    del file["connections"][0]["start_date"]
    run(file)
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    assert Connection.objects.get().start_date == today
