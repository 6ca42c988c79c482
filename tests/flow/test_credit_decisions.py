"""What a person decides about refunds: the flag, the approval, the shadow."""

from decimal import Decimal as D
from typing import Any

from connector.flow import actions
from connector.models import SyncEvent
from connector.sandbox.store_state import Store
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.refunding import ORDER, first_line, ring, setting


def test_review_raises_a_flag_and_a_person_credits(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, refunds="review")
    post(acme)
    refund = shop.refund(ORDER)
    ring(acme)
    document = acme.document(ORDER)
    assert (document.changed, acme.credits(ORDER)) == (True, [])
    assert f"Refund {refund['id']} of 17.90 EUR" in document.message
    actions.credit_now(document, ann, WHY)
    acme.drain()
    assert not acme.document(ORDER).changed
    assert [each.state for each in acme.credits(ORDER)] == ["posted"]
    told = SyncEvent.objects.get(document=document, kind="action")
    assert (told.actor, told.data["reason"]) == (ann, WHY)


def test_what_a_person_leaves_stays_left_and_the_next_refund_is_told(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, refunds="review")
    post(acme)
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    ring(acme)
    actions.leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    ring(acme)
    assert not acme.document(ORDER).changed
    assert [(each.state, each.reason) for each in acme.credits(ORDER)] == [("skipped", "person")]
    setting(acme, refunds="credit")
    ring(acme)
    assert [each.state for each in acme.credits(ORDER)] == ["skipped"]
    setting(acme, refunds="review")
    shop.refund(ORDER, shipping=D("1.00"))
    ring(acme)
    assert acme.document(ORDER).changed
    actions.re_post(acme.credits(ORDER)[0], ann, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state == "posted"


def test_a_decision_is_for_the_change_that_was_shown(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, refunds="review")
    post(acme)
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    ring(acme)
    shop.refund(ORDER, shipping=D("1.00"))
    actions.credit_now(acme.document(ORDER), ann, WHY)
    acme.drain()
    assert acme.credits(ORDER) == []
    assert acme.document(ORDER).changed
    assert "changed again" in acme.document(ORDER).message


def test_ignored_refunds_are_noted_once(acme: Acme, shop: Store) -> None:
    setting(acme, refunds="ignore")
    post(acme)
    shop.refund(ORDER)
    ring(acme)
    ring(acme)
    document = acme.document(ORDER)
    assert (document.changed, acme.credits(ORDER)) == (False, [])
    assert SyncEvent.objects.filter(document=document, text__contains="ignores refunds").count() == 1


def test_in_approval_mode_a_credit_note_waits_for_a_person_too(acme: Acme, shop: Store, ann: Any) -> None:
    setting(acme, mode="approval")
    acme.ring(ORDER)
    acme.drain()
    actions.approve(acme.document(ORDER), ann, WHY)
    acme.drain()
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert credit.state == "awaiting_approval"
    assert len(acme.in_exact(ORDER)) == 1
    actions.approve(credit, ann, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state == "posted"


def test_in_shadow_mode_a_credit_note_is_shown_and_not_posted(acme: Acme, shop: Store) -> None:
    post(acme)
    setting(acme, mode="shadow")
    shop.refund(ORDER)
    ring(acme)
    (credit,) = acme.credits(ORDER)
    assert (credit.state, credit.reason) == ("skipped", "shadow")
    assert credit.draft is not None
    assert credit.draft["gross"] == "-17.90"
    assert len(acme.in_exact(ORDER)) == 1
