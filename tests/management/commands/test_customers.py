"""`customers` reports, pulls and pushes in the foreground, and prints one JSON object."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.clients import errors
from connector.flow import stopping
from connector.flow.customer.copies import directory
from connector.models import Connection, CustomerLink, CustomerRun
from tests.acme import STORE, Acme
from tests.bench.customers.placed import against_truth, writes
from tests.flow.customer.pulling import furnish

pytestmark = pytest.mark.django_db
GIVEN = ("--tenant=demo", f"--store={STORE}")


def said(capsys: pytest.CaptureFixture[str], what: str, *given: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("customers", what, *given, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_report_pull_and_a_second_pull(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    world = furnish(acme)
    written = writes(acme)
    report = said(capsys, "report", *GIVEN)
    assert report.keys() == {"customers", "linked", "ambiguous", "new"}
    assert (report["customers"], writes(acme), CustomerLink.objects.count()) == (40, written, 0)
    assert report["ambiguous"][0].keys() == {"store", "customer", "name", "candidates", "why"}
    first = said(capsys, "pull", "--tenant=demo")
    assert first.keys() == {"linked", "created", "updated", "ambiguous"}
    assert first["ambiguous"] == len(report["ambiguous"])
    assert against_truth(acme, world).doubled == []
    written = writes(acme)
    again = said(capsys, "pull", *GIVEN)
    assert again == {"linked": 0, "created": 0, "updated": 0, "ambiguous": first["ambiguous"]}
    assert writes(acme) == written


def test_in_words(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    furnish(acme)
    call_command("customers", "report", *GIVEN)
    assert "40 customers" in capsys.readouterr().out
    call_command("customers", "push", *GIVEN)
    assert "accounts made" in capsys.readouterr().out
    assert CustomerRun.objects.get().what == "push"


@pytest.mark.parametrize(
    ("given", "text"), [(("--tenant=nobody",), "no tenant"), (("--tenant=demo", "--store=nothing"), "no store")]
)
def test_an_unknown_tenant_or_store_is_refused_in_words(acme: Acme, given: tuple[str, ...], text: str) -> None:
    for what in ("report", "pull", "push"):
        with pytest.raises(CommandError, match=text):
            call_command("customers", what, *given, "--json")


def test_a_connection_that_is_off_or_lets_nothing_go_is_refused_in_words(
    acme: Acme, capsys: pytest.CaptureFixture[str]
) -> None:
    Connection.objects.update(customer_direction="none")
    with pytest.raises(CommandError, match="neither to Exact nor"):
        call_command("customers", "pull", *GIVEN)
    assert said(capsys, "report", *GIVEN)["customers"] > 0
    Connection.objects.update(mode="off")
    with pytest.raises(CommandError, match="switched off"):
        call_command("customers", "report", *GIVEN)


def test_a_side_that_is_away_is_said_in_words(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> int:
        raise errors.Unavailable("Exact is away", endpoint="x")

    monkeypatch.setattr(directory, "pull", away)
    with pytest.raises(CommandError, match="could not be read"):
        call_command("customers", "report", *GIVEN)


def test_a_stop_keeps_what_was_done(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = directory.pull

    def stopped_meanwhile(*given: object) -> int:
        stopping.ask()
        return pull(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(directory, "pull", stopped_meanwhile)
    with pytest.raises(CommandError, match="goes on where it was"):
        call_command("customers", "pull", *GIVEN)
    monkeypatch.undo()
    call_command("customers", "pull", *GIVEN, "--json")
    assert CustomerRun.objects.get().state == "finished"
