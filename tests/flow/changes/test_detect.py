"""The mark of a change: what was reviewed before stays reviewed, in every release and language."""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.order.edits import edits
from connector.domain.order.fields import Expected
from connector.flow.changes import detect
from connector.flow.changes.detect import Change
from tests.domain.books import plain_order


def mark(*, refunds: list[int] | None = None, undone: str = "", edits: list[str], others: list[str]) -> str:
    """The hash of a change that was reviewed in an earlier release."""
    return hashlib.sha256(json.dumps([refunds or [], undone, edits, others]).encode()).hexdigest()


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (
            problem(Code.ORDER_FIELD_CHANGED, changed="total", before="24.2", after=""),
            "The order: total was 24.2 and is now empty.",
        ),
        (
            problem(Code.LINE_FIELD_CHANGED, key="product:65", changed="quantity", before="2", after="3"),
            "Line product:65: quantity was 2 and is now 3.",
        ),
        (
            problem(Code.LINE_REMOVED, key="product:65", quantity="2", name="Mug", gross="24.2"),
            'Line product:65, 2 x "Mug" for 24.2, was removed.',
        ),
        (
            problem(Code.LINE_ADDED, key="product:66", quantity="1", name="Vase", gross="0"),
            'Line product:66, 1 x "Vase" for 0, was added.',
        ),
    ],
)
def test_an_edit_that_was_reviewed_in_an_earlier_release_stays_reviewed(fact: Problem, text: str) -> None:
    assert Change(plain_order(), edits=[fact]).is_reviewed(mark(edits=[text], others=[]))


def test_a_reviewed_edit_stays_reviewed_when_ids_and_names_change_again() -> None:
    order = plain_order()
    fee = replace(order.lines[0], key="fee:5", name="Rush", gross=D("6.05"))
    edited = replace(order, lines=(replace(order.lines[0], quantity=D(3)), fee))
    again = replace(
        order, lines=(replace(edited.lines[0], key="product:91"), replace(fee, key="fee:8", name="Express"))
    )
    assert Change(order, edits=edits(order, again)).is_reviewed(Change(order, edits=edits(order, edited)).mark)
    more = replace(again, lines=(again.lines[0], replace(fee, gross=D("7.26"))))
    assert not Change(order, edits=edits(order, more)).is_reviewed(Change(order, edits=edits(order, edited)).mark)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (
            problem(Code.ORDER_ACTIVE_AGAIN, status=0),
            "The order is active again (status 0), and its invoice was credited.",
        ),
        (
            Problem(Code.ORDER_ARCHIVED),
            "The order was archived in BigCommerce. What was posted stays in Exact.",
        ),
        (
            Problem(Code.ORDER_GONE),
            "BigCommerce does not have this order any more. What was posted stays in Exact.",
        ),
        (
            problem(Code.REFUNDS_UNREADABLE, field="refund[0].type", value="TIP", expected=Expected.KIND_OF_REFUND),
            "BigCommerce's answer about the refunds of this order could not be understood: "
            "The order's refund[0].type is 'TIP', not a kind of refund that is known.",
        ),
        (
            problem(Code.REFUNDS_UNREADABLE, field="refund[0].total_amount", value="", expected=Expected.AMOUNT),
            "BigCommerce's answer about the refunds of this order could not be understood: "
            "The order has no refund[0].total_amount; it should be an amount.",
        ),
    ],
)
def test_the_mark_of_what_only_a_person_handles_names_it_by_code(fact: Problem, text: str) -> None:
    change = Change(plain_order(), others=[fact])
    assert change.is_reviewed(mark(edits=[], others=[text])), "as earlier releases wrote it"
    assert change.is_reviewed(change.mark)
    assert change.mark != mark(edits=[], others=[text])


def test_no_sentence_enters_a_new_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    order = plain_order()
    edited = edits(order, replace(order, total_inc=D("42.35")))
    change = Change(order, edits=edited, others=[Problem(Code.ORDER_GONE)])
    before = change.mark
    monkeypatch.setattr(detect, "_MARKED", {code: "Something else." for code in detect._MARKED})
    assert change.mark == before


def test_an_invoice_whose_order_cannot_be_read_is_reported_once() -> None:
    first, other = (problem(Code.ORDER_FIELD_ODD, field=name, value="", expected=Expected.AMOUNT) for name in "ab")
    mark_of_first = Change(plain_order(), others=[first]).mark
    assert Change(plain_order(), others=[first]).is_reviewed(mark_of_first)
    assert not Change(plain_order(), others=[other]).is_reviewed(mark_of_first)
    assert not Change(plain_order(), others=[other]).is_reviewed("")


def test_the_mark_of_a_cancellation_stays_as_it_was() -> None:
    assert Change(plain_order(), undone="cancelled").mark == mark(undone="cancelled", edits=[], others=[])


def test_every_edit_that_can_be_found_has_a_place_in_the_marks() -> None:
    order = plain_order()
    vase = replace(order.lines[0], key="product:66", name="Vase", sku="VASE", gross=D("6.05"))
    other = replace(order, total_inc=D("42.35"), lines=(replace(order.lines[0], quantity=D(3)), vase))
    found = [*edits(order, other), *edits(other, order)]
    assert {each.code for each in found} == {
        Code.ORDER_FIELD_CHANGED,
        Code.LINE_FIELD_CHANGED,
        Code.LINE_REMOVED,
        Code.LINE_ADDED,
    }
    change = Change(order, edits=found)
    assert change.is_reviewed(change.mark)
    assert not change.is_reviewed("")
