"""`fit` tells what the orders of the last days would become, with rules that are in force, drafted or not saved."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.flow.setup.rule_versions import as_filed, in_force
from connector.models import Connection, OrderSync
from tests.acme import DIVISION, STORE, Acme
from tests.flow.setup.fit import YEAR

pytestmark = pytest.mark.django_db
GIVEN = ("--tenant=demo", f"--store={STORE}", f"--division={DIVISION}", f"--days={YEAR}")


def fit(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("fit", *GIVEN, "--json", *more)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def write(path: Path, data: object) -> str:
    path.write_text(json.dumps(data))
    return f"--rules={path}"


def test_all_orders_fit_and_nothing_is_called_or_written(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    calls = acme.exact_calls("*")
    found = fit(capsys)
    assert (found["orders"], found["fit"], found["held"], found["skipped"]) == (58, 58, 0, 0)
    assert {"total", "by_gl_account", "by_cost_center", "by_vat_code", "causes"} <= set(found)
    assert acme.exact_calls("*") == calls
    assert not OrderSync.objects.exists()
    call_command("fit", *GIVEN, "--limit=3")
    assert capsys.readouterr().out.startswith("3 of 3 orders of the last 366 days would be posted")


def test_a_store_that_sold_nothing_in_the_usual_days_shows_its_latest_orders(
    acme: Acme, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = [argument for argument in GIVEN if not argument.startswith("--days")]
    call_command("fit", *usual, "--json")
    printed = capsys.readouterr()
    assert json.loads(printed.out)["orders"] == 58
    assert "latest orders" in printed.err
    call_command("fit", *usual, "--json", "--days=30")  # who names the days gets no others
    assert json.loads(capsys.readouterr().out)["orders"] == 0
    with pytest.raises(CommandError, match="1 or more"):
        call_command("fit", *usual, "--days=0")


def test_draft_rules_hold_orders_and_each_cause_names_its_page(
    acme: Acme, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rules = {**as_filed(in_force(acme.connection)), "rules": []}
    found = fit(capsys, write(tmp_path / "rules.json", rules))
    assert (found["fit"], found["held"]) == (0, 58)
    (cause,) = found["causes"]
    assert (cause["code"], cause["count"], len(cause["orders"])) == ("no_gl_account_rule", 58, 58)
    assert cause["page"].endswith(f"/admin/connector/connection/{acme.connection.pk}/rules/")
    assert fit(capsys)["fit"] == 58  # nothing of the draft is kept


def test_a_connection_that_is_not_saved_comes_from_the_file(
    acme: Acme, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Connection.objects.all().delete()
    with pytest.raises(CommandError, match="not connected"):
        fit(capsys)
    (filed,) = acme.file["connections"]
    assert fit(capsys, write(tmp_path / "one.json", {"connection": filed, "why": {}}))["fit"] == 58
    found = fit(capsys, write(tmp_path / "two.json", {**filed, "rules": []}))
    assert found["causes"][0]["page"].endswith("/get-started/mapping/")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--tenant=nobody",), "no tenant 'nobody'"),
        (("--store=other1",), "no store 'other1'"),
        (("--division=7",), "division 7"),
        (("--days=0",), "1 or more"),
        (("--rules=/nowhere/rules.json",), "cannot be read"),
    ],
)
def test_what_cannot_be_tried_says_why(acme: Acme, more: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("fit", *GIVEN, *more)


def test_an_unknown_key_of_the_rules_is_named(acme: Acme, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"rulez is not a key"):
        call_command("fit", *GIVEN, write(tmp_path / "rules.json", {"rulez": []}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"rules":' * 330 + "1" + "}" * 330, "deeper than 40"),
        ('{"rules": [], "rules": [1]}', "a key twice"),
        ("{", "valid"),
    ],
)
def test_a_file_of_rules_that_no_reader_takes_is_refused(acme: Acme, tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=why):
        call_command("fit", *GIVEN, f"--rules={path}")
