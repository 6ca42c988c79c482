"""Orders are compared with the documents that are nobody's."""

from decimal import Decimal

import pytest

from connector.flow.inbox.backfill import compare
from connector.models import BackfillDocument, BackfillOrder, DirectoryAccount, OrderSync
from tests.acme import Acme
from tests.factories import StoreFactory
from tests.flow.inbox.backfill.hand import SAME, type_in
from tests.flow.inbox.backfill.scene import SINCE, begin, turns

pytestmark = pytest.mark.django_db


def test_another_amount_is_for_a_person(acme: Acme) -> None:
    for order_id, style in ((1001, "our reference"), (1002, "number as reference")):
        type_in(acme, order_id, style, Decimal("1.00"))
    run = turns(begin(acme))
    assert (run.adopted, run.likely) == (0, 2)
    assert "1.00 EUR" in acme.document(1001).message


def test_the_same_customer_amount_and_day_are_adopted_and_a_day_later_is_for_a_person(acme: Acme) -> None:
    type_in(acme, 1001, SAME)
    type_in(acme, 1002, "alike")
    run = turns(begin(acme))
    assert (run.adopted, run.likely) == (1, 1)
    assert acme.document(1001).state == "posted"


def test_it_keeps_no_names_when_it_is_done(acme: Acme) -> None:
    type_in(acme, 1001, "order number")
    type_in(acme, 1005, "alike")
    run = turns(begin(acme))
    assert not run.rows.exclude(marks=[]).exists()
    assert run.documents_read.count() == 2  # those that are orders', or may be


def order(number: int = 1001) -> BackfillOrder:
    return BackfillOrder(order_id=number, total=Decimal("12.10"), currency="EUR", day=SINCE, marks=["name:anna"])


def document(key: str = "a", **fields: object) -> BackfillDocument:
    given = {"is_entry": False, "your_ref": "1001", "amount": Decimal("12.10"), "currency": "EUR", "dated": SINCE}
    return BackfillDocument(exact_id=key, **{**given, **fields})


def found(acme: Acme, *documents: BackfillDocument, **more: object) -> list[tuple[str, str]]:
    """The outcome of order 1001, and the documents that it may be."""
    row = order()
    compare.find_outcomes(acme.connection, [row], documents, **more)  # type: ignore[arg-type]
    return [(row.outcome, key) for key, _sign in row.found] or [(row.outcome, "")]


def test_a_document_that_the_ledger_has_is_no_other_orders(acme: Acme) -> None:
    assert found(acme, document()) == [("adopted", "a")]
    division = acme.connection.division
    OrderSync.objects.create(connection=acme.connection, division=division, order_id=7, state="posted", exact_id="a")
    assert found(acme, document()) == [("queued", "")]


def test_another_stores_reference_is_not_ours(acme: Acme) -> None:
    other = document(your_ref="OTHER-1001")
    assert found(acme, other) == [("adopted", "a")]
    StoreFactory.create(tenant=acme.store.tenant, prefix="OTHER")
    assert found(acme, other) == [("queued", "")]


def test_what_exact_booked_of_an_invoice_is_no_second_document(acme: Acme) -> None:
    booked = document("b", is_entry=True)
    assert found(acme, booked, document("a")) == [("adopted", "a")]
    assert found(acme, document("b", is_entry=True, dated=None), document("a")) == [("likely", "a"), ("likely", "b")]
    assert found(acme, booked) == [("adopted", "b")]


def test_customers_are_known_by_the_directory(acme: Acme) -> None:
    typed = document(your_ref="", account="abc")
    assert found(acme, typed) == [("queued", "")]
    account = DirectoryAccount(division=acme.connection.division, account_id="ABC", name="Anna")
    assert found(acme, typed, accounts=[account]) == [("adopted", "a")]
    account.save()
    assert found(acme, typed) == [("adopted", "a")]


def test_an_order_without_a_document_due_and_one_that_cannot_be_read_are_matched_with_none(acme: Acme) -> None:
    undone, unread = order(), BackfillOrder(order_id=1001)
    undone.not_due = [{"code": "archived", "line": "", "params": {}}]
    compare.find_outcomes(acme.connection, [undone], [document()])
    compare.find_outcomes(acme.connection, [unread], [document()])
    assert (undone.outcome, undone.found, unread.outcome, unread.found) == ("skipped", [], "queued", [])
