"""`ledger`, as a shell sees it: what it prints, where, and how it ends."""

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.acme import STORE, Acme
from tests.flow.by_hand import post
from tests.flow.payment.test_receipt import pay_in_three_ways


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_ledger_of_an_unknown_tenant_is_an_error_that_names_it(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        run("ledger", "--tenant", "nobody", "--json")


def test_the_ledger_lists_every_order_that_was_named(acme: Acme) -> None:
    acme.sandbox.stores.store("nlshop1").change(1002, status_id=0)
    for order_id in (1001, 1002):
        acme.ring(order_id)
    acme.drain()
    posted, skipped = json.loads(run("ledger", "--tenant", "demo", "--json"))
    invoice = acme.invoice(1001)
    assert posted == {
        "order_id": "1001",
        "kind": "invoice",
        "sequence": 1,
        "state": "posted",
        "reason": None,
        "code": None,
        "message": None,
        "attempts": 1,
        "exact_id": invoice["InvoiceID"],
        "exact_number": str(invoice["InvoiceNumber"]),
        "total": "17.90",
        "currency": "EUR",
        "payment_status": "captured",
        "to_settle": None,
        "division": "100001",
        "updated_at": posted["updated_at"],
    }
    assert posted["updated_at"].endswith("Z")
    assert (skipped["order_id"], skipped["state"], skipped["reason"]) == ("1002", "skipped", "status")
    assert skipped["code"] == "status_not_posted"
    assert "Status 0" in skipped["message"]
    assert Decimal(skipped["total"])


def test_as_text_the_ledger_tells_the_message_as_far_as_the_terminal_is_wide(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.sandbox.stores.store("nlshop1").change(1002, status_id=0)
    acme.ring(1002)
    acme.drain()
    monkeypatch.setenv("COLUMNS", "90")
    message = "Status 0 (Incomplete) of the order is not one that this connection posts."
    assert message in run("ledger", "--tenant", "demo"), "into a file it is written whole"
    monkeypatch.setattr("django.core.management.base.OutputWrapper.isatty", lambda self: True)
    (line,) = run("ledger", "--tenant", "demo").splitlines()
    assert len(line) <= 90
    assert "Status 0" in line


def test_the_ledger_can_be_narrowed(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    assert json.loads(run("ledger", "--tenant", "demo", "--state", "blocked", "--json")) == []
    assert len(json.loads(run("ledger", "--tenant", "demo", "--store", "nlshop1", "--json"))) == 1
    with pytest.raises(CommandError, match="other99"):
        run("ledger", "--tenant", "demo", "--store", "other99", "--json")
    assert "posted" in run("ledger", "--tenant", "demo")


def test_ledger_and_preview_show_the_payment_status_and_what_is_to_be_settled_by_hand(
    acme: Acme, capsys: pytest.CaptureFixture[str]
) -> None:
    pay_in_three_ways(acme)
    asked = ["preview", "--tenant=demo", f"--store={STORE}", "--order=1001"]
    call_command(*asked)
    assert "To settle by hand in Exact: 7.90 EUR" in capsys.readouterr().out
    post(acme)
    capsys.readouterr()
    call_command("ledger", "--tenant=demo", "--json")
    call_command(*asked, "--json")
    listed, shown = capsys.readouterr().out.splitlines()
    rows: list[dict[str, Any]] = [*json.loads(listed), json.loads(shown)]
    assert [(row["payment_status"], row["to_settle"]) for row in rows] == [("captured", "7.90")] * 2
    assert acme.document(1001).to_settle == Decimal("7.90")
