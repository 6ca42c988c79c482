"""reconcile: one JSON object on standard output, and exit code 0 only when nothing differs."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.models import Connection, OrderSync
from tests.acme import Acme
from tests.flow.reconcile.books import CENT, change
from tests.flow.reconcile.conftest import beginning, posted

__all__ = ["beginning", "posted"]


def compared(acme: Acme, *more: str) -> tuple[str, dict[str, Any]]:
    """What it refused, "" for nothing, and what it printed."""
    out = StringIO()
    try:
        call_command("reconcile", "--tenant", acme.store.tenant.slug, "--json", *more, stdout=out, stderr=StringIO())
    except CommandError as error:
        return str(error), json.loads(out.getvalue() or "{}")
    return "", json.loads(out.getvalue())


def test_what_is_equal_is_complete(posted: Acme) -> None:
    error, found = compared(posted)
    assert (error, found["orders"], found["documents"], found["complete"]) == ("", 12, 12, True)
    assert (found["discrepancies"], found["accepted"]) == ([], [])


def test_a_difference_is_listed_and_fails(posted: Acme) -> None:
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    error, found = compared(posted, "--since", "2026-01-05", "--until", "2026-01-05")
    assert error == "Not complete: 1 differences."
    (row,) = found["discrepancies"]
    assert (row["kind"], row["order_id"], row["expected"], row["found"]) == (
        "amount",
        "1001",
        "17.90 EUR",
        "17.91 EUR",
    )
    assert not found["complete"]


def test_without_json_it_says_it_in_words(posted: Acme) -> None:
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", "--tenant", posted.store.tenant.slug, stdout=out)
    assert "amount: NLS-1001 17.90 EUR | 17.91 EUR: Put it right in Exact" in out.getvalue()
    assert "12 orders, 0 refunds, 12 documents, 1 differences" in out.getvalue()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--since", "soon"), "--since takes a day"),
        (("--until", ""), "--until takes a day"),
        (("--since", "2100-01-01"), "in the future"),
        (("--since", "0001-01-01"), "Give a day from 2000-01-01 on"),
        (("--since", "2026-02-02", "--until", "2026-02-01"), "before it begins"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_in_a_sentence(posted: Acme, more: tuple[str, ...], words: str) -> None:
    error, _nothing = compared(posted, *more)
    assert words in error


def test_a_side_that_is_away_is_said_and_the_same_command_goes_on(posted: Acme) -> None:
    posted.sandbox.exact.faults.add("503_html", times=-1)
    error, found = compared(posted)
    assert "One side could not be read." in error
    assert found == {}
    posted.sandbox.exact.faults.clear()
    posted.make_due()
    assert compared(posted)[1]["complete"]


def test_an_unknown_tenant_and_one_that_posts_nothing_are_said(acme: Acme) -> None:
    with pytest.raises(CommandError, match="no tenant"):
        call_command("reconcile", "--tenant", "nobody")
    Connection.objects.update(mode="off")
    OrderSync.objects.all().delete()
    assert "No connection of this tenant has posted anything" in compared(acme)[0]
