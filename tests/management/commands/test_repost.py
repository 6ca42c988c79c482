"""`repost`, as a shell sees it."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import MasterData, OrderSync
from tests.acme import DIVISION, Acme


def run(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def drain() -> None:
    call_command("drain", "--until-idle", "--timeout", "60", stdout=io.StringIO(), stderr=io.StringIO())


@pytest.fixture
def held(acme: Acme) -> Acme:
    """Orders 1001, 1002 and 1012, held because a VAT code was missing. It exists again now."""
    codes = MasterData.objects.filter(kind="vat_code", code="2")
    (before,) = codes.values("division_id", "kind", "code", "name", "exact_id", "data")
    codes.delete()
    for order_id in (1001, 1002, 1012):
        acme.ring(order_id)
    drain()
    assert OrderSync.objects.filter(state="blocked").exists()
    MasterData.objects.create(**before)
    return acme


def test_all_blocked_are_re_posted_and_a_drain_does_it(held: Acme) -> None:
    count = OrderSync.objects.filter(state="blocked").count()
    report = run("repost", "--tenant", "demo", "--state", "blocked", "--reason", "mapping")
    assert report["documents"] == count == sum(cause["documents"] for cause in report["causes"])
    assert report["refused"] == []
    drain()
    assert {row.state for row in OrderSync.objects.all()} == {"posted"}
    assert len(held.invoices()) == 3


def test_named_orders_are_re_posted(held: Acme) -> None:
    assert run("repost", "--tenant", "demo", "--order", "1001")["documents"] == 1
    drain()
    assert held.document(1001).state == "posted"


def test_nothing_to_do_is_a_success(acme: Acme) -> None:
    assert run("repost", "--tenant", "demo", "--state", "blocked") == {
        "run": None,
        "documents": 0,
        "seconds": 0,
        "causes": [],
        "refused": [],
    }


def test_an_order_that_cannot_be_re_posted_is_reported_and_the_exit_is_not_0(held: Acme) -> None:
    test_named_orders_are_re_posted(held)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 could not"):
        call_command("repost", "--tenant", "demo", "--order", "1001", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["refused"] == [{"order_id": "1001", "state": "posted"}]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--tenant", "nobody", "--state", "blocked"], "nobody"),
        (["--tenant", "demo", "--order", "77"], "77"),
        (["--tenant", "demo", "--order", "1001", "--reason", "item"], "--state"),
        (["--tenant", "demo"], "required"),
        (["--tenant", "demo", "--state", "posted"], "posted"),
    ],
)
def test_what_makes_no_sense_is_named(held: Acme, arguments: list[str], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        run("repost", *arguments)


def test_what_was_deleted_in_exact_is_posted_again(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    acme.sandbox.exact.remove(DIVISION, "salesinvoice/SalesInvoices", acme.invoice(1001)["InvoiceID"])
    with pytest.raises(CommandError, match="could not be re-posted"):
        run("repost", "--tenant", "demo", "--order", "1001")  # nobody has looked yet
    with pytest.raises(CommandError, match="Not complete"):
        call_command("reconcile", "--tenant", "demo", stdout=io.StringIO())
    assert run("repost", "--tenant", "demo", "--order", "1001")["refused"] == []
    drain()
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices(1001)) == 1
