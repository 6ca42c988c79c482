"""`backfill` takes in the orders of some days in the foreground, and says what became of them."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.flow.inbox.backfill import run as backfill
from connector.flow.inbox.backfill.days import moments_of
from connector.models import BackfillRun, Connection, OrderSync, Store, SyncEvent
from tests.acme import STORE, Acme
from tests.flow.inbox.backfill.hand import STYLES, type_in

pytestmark = pytest.mark.django_db
GIVEN = ("--tenant=demo", f"--store={STORE}")
JANUARY = (*GIVEN, "--since=2026-01-01", "--until=2026-01-31")
TYPED = range(1001, 1021)
"""The orders that somebody has typed in, a style after the other."""


def said(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("backfill", *given, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def books(acme: Acme) -> dict[int, str]:
    """Twenty orders that somebody has typed into Exact by hand, and their invoices."""
    return {number: type_in(acme, number, STYLES[number % 5]) for number in TYPED}


def doubled(acme: Acme, books: dict[int, str]) -> list[int]:
    """The typed orders that Exact has under our reference too."""
    ours = {row.get("YourRef"): row["InvoiceID"] for row in acme.sandbox.exact.invoices(100001)}
    return [number for number, key in books.items() if ours.get(f"{acme.store.prefix}-{number}", key) != key]


def test_what_was_typed_by_hand_is_adopted_and_the_rest_is_posted(
    acme: Acme, books: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(capsys, *JANUARY)
    assert (found["orders"], found["queued"], found["adopted"], found["skipped"]) == (58, 38, 16, 0)
    assert [each["order_id"] for each in found["likely"]] == [number for number in TYPED if number % 5 == 4]
    first = found["likely"][0]
    assert (first["exact_id"], first["why"], first["total"], first["amount"]) == (
        books[1004],
        "alike",
        "97.95",
        "97.95",
    )
    call_command("drain", "--until-idle")
    rows = OrderSync.objects.filter(kind="invoice")
    assert (rows.filter(state="posted").count(), rows.filter(state="blocked", reason="duplicate").count()) == (54, 4)
    assert doubled(acme, books) == []
    assert len(acme.invoices()) == 20 + 38
    again = said(capsys, *JANUARY)
    assert (again["queued"], again["adopted"], again["likely"], again["skipped"]) == (0, 0, [], 58)


def test_a_dry_run_says_the_same_and_writes_nothing(
    acme: Acme, books: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = said(capsys, *JANUARY, "--dry-run")
    assert (found["orders"], found["queued"], found["adopted"], found["skipped"]) == (58, 38, 16, 0)
    assert len(found["likely"]) == 4
    assert (found["fit"]["orders"], found["fit"]["fit"]) == (38, 38)
    assert not OrderSync.objects.exists()
    assert not BackfillRun.objects.exists()
    assert not SyncEvent.objects.exclude(kind="call").exists()
    call_command("backfill", *JANUARY, "--dry-run")
    assert "38 of the 38 orders to be posted would be posted now." in capsys.readouterr().out


def test_an_interrupted_one_goes_on_with_the_same_command(
    acme: Acme, books: dict[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left, keep = [6], backfill._Turn._keep

    def dies(turn: backfill._Turn) -> None:
        keep(turn)
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(backfill._Turn, "_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        call_command("backfill", *JANUARY)
    monkeypatch.undo()
    assert 0 < OrderSync.objects.count() < 58
    with pytest.raises(CommandError, match=r"from 2026-01-01 until 2026-01-31 is not finished"):
        call_command("backfill", *GIVEN, "--since=2026-01-02")
    found = said(capsys, *JANUARY)
    assert (found["orders"], found["queued"], found["adopted"], found["skipped"]) == (58, 38, 16, 0)
    assert BackfillRun.objects.count() == 1
    call_command("drain", "--until-idle")
    assert doubled(acme, books) == []
    assert len(acme.invoices()) == 20 + 38


def test_a_person_reads_sentences(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    type_in(acme, 1001, "alike")
    call_command("backfill", *GIVEN, "--since=2026-01-05", "--until=2026-01-05")
    printed = capsys.readouterr()
    assert "At most 2 orders" in printed.err
    assert "2 orders: 1 to be posted, 0 were in Exact, 1 may be in Exact, 0 skipped" in printed.out
    assert "Order 1001, 17.90 EUR:" in printed.out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--since=2026-02-01", "--until=2026-01-01"), "2026-01-01, is before the first, 2026-02-01"),
        (("--since=2099-01-01",), "2099-01-01 is in the future"),
        (("--since=2026-01-01", "--until=2099-01-01"), "2099-01-01 is in the future"),
        (("--since=0026-01-01", "--until=2026-01-31"), "0026-01-01 is before 2000-01-01"),
        (("--since=0001-01-01", "--until=0001-01-01"), "0001-01-01 is before 2000-01-01"),
        (("--since=31-01-2026",), "'31-01-2026' is no day. Write it as 2026-01-31."),
        (("--since=2026-01-01", "--division=5"), "not connected to a division"),
        (("--since=2026-01-01", "--store=other1"), "no store 'other1'"),
        (("--since=2026-01-01", "--tenant=other"), "no tenant 'other'"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(acme: Acme, given: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("backfill", *GIVEN, *given)
    assert not BackfillRun.objects.exists()


def test_a_connection_that_is_off_takes_nothing_in(acme: Acme) -> None:
    Connection.objects.update(mode="off")
    for more in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="is switched off"):
            call_command("backfill", *JANUARY, *more)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_days_are_the_stores_also_when_clocks_change(acme: Acme, day: date, hours: int) -> None:
    begins, ends = moments_of(acme.store, day, day)
    assert ends - begins == timedelta(hours=hours)
    assert begins == datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1 if hours == 23 else 2)


def test_an_order_at_midnight_is_of_the_stores_day(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    acme.sandbox.stores.store(STORE).orders[1001].order["date_created"] = "Sun, 29 Mar 2026 21:59:59 +0000"
    acme.sandbox.stores.store(STORE).orders[1002].order["date_created"] = "Sun, 29 Mar 2026 22:00:00 +0000"
    found = said(capsys, *GIVEN, "--since=2026-03-29", "--until=2026-03-29", "--dry-run")
    assert found["orders"] == 1
    Store.objects.update(timezone="UTC")
    assert said(capsys, *GIVEN, "--since=2026-03-29", "--until=2026-03-29", "--dry-run")["orders"] == 2


def test_the_days_calls_are_left_to_live_orders(acme: Acme) -> None:
    acme.connection.division.__class__.objects.update(
        day_calls_limit=100, day_calls_left=10, day_ends_at=datetime(2099, 1, 1, tzinfo=UTC)
    )
    with pytest.raises(CommandError, match="The day's calls are used up"):
        call_command("backfill", *JANUARY)
    assert BackfillRun.objects.get().state == "running"
