"""The rows that follow a posted invoice: of each change one, also of a refund that a person leaves."""

from decimal import Decimal as D
from typing import Any

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, from_json
from connector.flow.actions.change_decisions import leave_it
from connector.flow.actions.documents import re_post
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import WHY, post
from tests.flow.changes.test_after_posting import edited, rows
from tests.flow.changes.test_credit_note import ORDER, first_line, ring, setting


def test_a_change_that_a_person_leaves_stays_left_and_the_next_refund_is_reported(
    acme: Acme, shop: Store, ann: Any
) -> None:
    setting(acme, refunds="review")
    post(acme)
    line = first_line(acme, ORDER)["id"]
    shop.refund(ORDER, {line: 1})
    ring(acme)
    leave_it(acme.document(ORDER), ann, WHY)
    acme.drain()
    ring(acme)
    assert not acme.document(ORDER).change_pending
    (left,) = acme.credits(ORDER)
    assert (left.state, left.reason, left.code) == ("skipped", "person", "refund_left")
    assert from_json(left.problems) == (Problem(Code.REFUND_LEFT),)
    setting(acme, refunds="credit")
    ring(acme)
    assert [each.state for each in acme.credits(ORDER)] == ["skipped"]
    setting(acme, refunds="review")
    shop.refund(ORDER, shipping=D("1.00"))
    ring(acme)
    assert acme.document(ORDER).change_pending
    re_post(acme.credits(ORDER)[0], ann, WHY)
    acme.drain()
    assert acme.credits(ORDER)[0].state == "posted"


def test_edited_twice_it_is_credited_twice(acme: Acme, shop: Store) -> None:
    setting(acme, edits="credit_and_repost")
    edited(acme, shop)
    shop.edit(ORDER, first_line(acme, ORDER)["id"], price=D("10.00"))
    ring(acme)
    ring(acme)
    assert rows(acme)[3:] == [("credit", -2, "posted"), ("invoice", 3, "posted")]
    assert sum(row["AmountFC"] for row in acme.in_exact(ORDER).values()) == acme.total(ORDER)
