"""The writes to Exact: an intent goes before each, and no invoice is credited whose successor cannot be posted."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.flow.actions.documents import approve, re_post
from connector.flow.clock import database_now
from connector.models import CustomerLink, MasterData
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.faults.plan import REASONS
from tests.flow.by_hand import CREATE, PRINT, WHY, post
from tests.flow.changes.test_after_posting import rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def test_a_401_renews_the_token_and_repeats_the_same_intent_once(acme: Acme) -> None:
    acme.sandbox.exact.advance(580)  # Exact gives no new token before
    acme.sandbox.exact.faults.add("401", "POST", CREATE)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert acme.document(1001).attempts == 1
    assert acme.sandbox.exact.calls.count("POST", "*/oauth2/token") == 2
    assert len(acme.invoices(1001)) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_a_missing_right_is_held_with_the_reason_and_nothing_is_posted(acme: Acme, reason: str) -> None:
    acme.sandbox.exact.faults.add(f"403:{reason}", "POST", CREATE)
    acme.ring(1001)
    acme.settle()
    assert acme.document(1001).state == "blocked"
    assert reason in acme.document(1001).message
    assert acme.invoices() == []


def closed_this_month(acme: Acme) -> None:
    today = database_now().astimezone(ZoneInfo("Europe/Amsterdam")).date()  # that of the store
    division = acme.connection.division
    type(division).objects.filter(pk=division.pk).update(closed_periods=[[f"{today:%Y-%m}-01", today.isoformat()]])


def without_account(acme: Acme) -> None:
    CustomerLink.objects.update(account_id="")
    setting(acme, customer_strategy="collective", guest_strategy="collective", collective_account="NONE")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda acme: setting(acme, invoice_template="Gone"), "no invoice template 'Gone'", id="template"),
        pytest.param(closed_this_month, "counts as closed", id="period"),
        pytest.param(lambda acme: setting(acme, start_date="2030-01-01"), "No invoice is due", id="not due"),
        pytest.param(
            lambda acme: MasterData.objects.filter(kind="gl_account").update(data={"blocked": True}),
            "is blocked",
            id="GL account",
        ),
        pytest.param(
            without_account,
            "no account 'NONE'",
            id="customer",
        ),
    ],
)
def test_nothing_is_credited_when_the_next_invoice_cannot_be_posted(
    acme: Acme, shop: Store, spoil: Callable[[Acme], object], why: str
) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    spoil(acme)
    ring(acme)
    assert rows(acme) == [("invoice", 1, "posted")]
    assert acme.document(ORDER).change_pending
    assert why in acme.document(ORDER).message


def test_what_has_become_impossible_since_holds_the_credit_note_too(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    setting(acme, mode="approval")
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    setting(acme, mode="live", start_date="2030-01-01")
    approve(credit, ann, WHY)
    acme.drain()
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("blocked", "drift")
    assert "next invoice cannot be posted" in credit.message
    assert len(acme.in_exact(ORDER)) == 1
    setting(acme, start_date="2026-01-01")
    re_post(credit, ann, WHY)
    acme.drain()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3


def test_an_open_credit_note_is_not_printed_either(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost")
    post(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", PRINT)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, bool(credit.exact_id)) == ("blocked", True)
    setting(acme, start_date="2030-01-01")
    re_post(credit, ann, WHY)
    acme.drain()
    assert "next invoice cannot be posted" in acme.credits(ORDER)[0].message
    assert acme.in_exact(ORDER)[credit.reference]["Status"] == 20
