"""What a person decides about an order that changed after its invoice was posted."""

import json
from decimal import Decimal as D
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from connector.domain.document.codes import Code
from connector.domain.document.result import from_json
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.flow.actions.transaction import NotPossible
from connector.models import SyncEvent
from connector.problems.catalogue import sentences
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.changes.test_after_posting import edited, rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def test_a_cancelled_order_waits_for_a_person_by_default(acme: Acme, shop: Store, ann: Any) -> None:
    post(acme)
    shop.cancel(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    assert "cancelled" in document.message
    credit_now(document, ann, WHY)
    acme.drain()
    assert rows(acme)[-1] == ("credit", 0, "posted")


def test_an_edit_after_a_refund_is_for_a_person(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, edits="credit_and_repost", refunds="credit")
    post(acme)
    shop.refund(ORDER, whole=D("5.00"))
    ring(acme)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=2)
    ring(acme)
    document = acme.document(ORDER)
    assert document.change_pending
    assert len(acme.in_exact(ORDER)) == 2
    with pytest.raises(NotPossible, match="refunded"):
        credit_and_repost(document, ann, WHY)


def test_a_person_credits_and_reposts_or_leaves_an_edit(acme: Acme, shop: Store, ann: Any) -> None:
    edited(acme, shop)
    leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    ring(acme)
    assert (rows(acme), acme.document(ORDER).change_pending) == ([("invoice", 1, "posted")], False)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], quantity=5)
    ring(acme)
    assert acme.document(ORDER).change_pending
    credit_and_repost(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert [state for _, _, state in rows(acme)] == ["posted"] * 3


def test_a_change_to_decide_on_has_its_code_until_it_is_decided(acme: Acme, shop: Store, ann: Any) -> None:
    edited(acme, shop)
    document = acme.document(ORDER)
    assert (document.state, document.reason, document.code) == ("posted", "", "order_changed")
    assert sentences(from_json(document.problems), " ") == document.message
    assert from_json(document.problems)[-1].code is Code.DECISION_NEEDED
    assert listed() == [("posted", "order_changed", document.message)]
    leave_it(document, ann, WHY)
    acme.drain()
    document = acme.document(ORDER)
    assert (document.message, document.code, document.params, document.problems) == ("", "", {}, [])
    assert listed() == [("posted", None, None)]


def listed() -> list[tuple[str, str | None, str | None]]:
    """State, code and message of each row of `ledger --json`."""
    out = StringIO()
    call_command("ledger", "--tenant", "demo", "--json", stdout=out)
    return [(row["state"], row["code"], row["message"]) for row in json.loads(out.getvalue())]


def test_nothing_to_decide_on_is_said(acme: Acme, ann: Any) -> None:
    with pytest.raises(NotPossible, match="No change of this order waits"):
        leave_it(post(acme), ann, WHY)


def test_review_raises_a_flag_and_a_person_credits(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, refunds="review")
    post(acme)
    refund = shop.refund(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert (document.change_pending, acme.credits(ORDER)) == (True, [])
    assert f"Refund {refund['id']} of 17.90 EUR" in document.message
    credit_now(document, ann, WHY)
    acme.drain()
    assert not acme.document(ORDER).change_pending
    assert [each.state for each in acme.credits(ORDER)] == ["posted"]
    reported = SyncEvent.objects.get(document=document, kind="action")
    assert (reported.actor, reported.data["reason"]) == (ann, WHY)


def test_a_decision_is_for_the_change_that_was_shown(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, refunds="review")
    post(acme)
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    ring(acme)
    shop.refund(ORDER, shipping=D("1.00"))
    credit_now(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert acme.credits(ORDER) == []
    assert acme.document(ORDER).change_pending
    assert "changed again" in acme.document(ORDER).message
