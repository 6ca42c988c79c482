"""What is typed into Exact after a run has read it, and before its orders are posted, doubles none of them."""

from datetime import timedelta
from typing import Any

import pytest

from connector.domain.document.match import Sign
from connector.flow.actions import backfill as decisions
from connector.flow.inbox.backfill import into_ledger
from connector.flow.records.walk import walk
from connector.models import BackfillDocument, OrderSync
from connector.sandbox.exact.entries import SALES_ENTRIES
from tests.acme import DIVISION, Acme
from tests.factories import OrderSyncFactory
from tests.flow.by_hand import WHY
from tests.flow.inbox.backfill.hand import INVOICES, SAME, STYLES, account_of, type_in
from tests.flow.inbox.backfill.scene import begin, once_each, turns

pytestmark = pytest.mark.django_db
LINES = "financialtransaction/TransactionLines"


@pytest.mark.parametrize("style", [style for style in STYLES[1:] if style != "alike"])
def test_what_surely_is_the_order_s_is_adopted(acme: Acme, style: str) -> None:
    run = turns(begin(acme))
    typed = type_in(acme, 1001, style)
    acme.settle()
    document, row = acme.document(1001), run.rows.get(order_id=1001)
    assert (document.state, document.exact_id, document.draft) == ("posted", typed, None)
    assert len((document.exact_data or {})["lines"]) == 1
    assert (row.outcome, row.found) == ("adopted", [[typed, "number"]])
    assert once_each(acme)
    run.refresh_from_db()
    assert (run.queued, run.adopted, run.likely) == (23, 1, 0)
    assert list(walk(acme.connection)) == []


@pytest.mark.parametrize("deed", ["taken", "another amount", "deleted"])
def test_what_is_not_sure_any_more_at_that_moment_is_held(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    run = turns(begin(acme))
    typed = type_in(acme, 1001, "number as reference")
    read, exact = into_ledger.in_exact_now, acme.sandbox.exact

    def later(*args: Any) -> Any:
        match deed:
            case "taken":
                OrderSyncFactory.create(connection=acme.connection, order_id=7, posted=True, exact_id=typed)
            case "another amount":
                exact.change(DIVISION, INVOICES, typed, AmountFC=acme.total(1001) + 1)
            case _:
                exact.remove(DIVISION, INVOICES, typed)
        return read(*args)

    monkeypatch.setattr(into_ledger, "in_exact_now", later)
    acme.settle()
    assert (acme.document(1001).state, run.rows.get(order_id=1001).outcome) == ("blocked", "likely")


@pytest.mark.parametrize("style", ["alike", SAME])
def test_what_was_typed_in_since_is_listed_and_not_posted(acme: Acme, style: str) -> None:
    run = turns(begin(acme))
    typed = type_in(acme, 1001, style)
    acme.settle()
    document, row = acme.document(1001), run.rows.get(order_id=1001)
    assert (document.state, document.code) == ("blocked", "may_be_in_exact")
    assert [key for key, _sign in row.found] == [typed]
    assert once_each(acme)
    run.refresh_from_db()
    assert (run.queued, run.likely) == (23, 1)
    decisions.it_is(row, typed, None, WHY)
    assert acme.document(1001).exact_id == typed


def test_a_person_is_asked_once(acme: Acme) -> None:
    run = turns(begin(acme))
    type_in(acme, 1001, SAME)
    acme.settle()
    row = run.rows.get(order_id=1001)
    assert [Sign(sign) for _key, sign in row.found] == [Sign.SAME]
    decisions.it_is_not(row, None, WHY)
    acme.settle()
    assert acme.document(1001).state == "posted"


def test_an_entry_counts_too(acme: Acme) -> None:
    turns(begin(acme))
    exact, order = acme.sandbox.exact, acme.order(1001)
    exact.create(
        DIVISION,
        SALES_ENTRIES,
        Customer=account_of(acme, order),
        Journal="70",
        YourRef="1001",
        EntryDate="2026-01-05T00:00:00",
        SalesEntryLines=[
            {
                "AmountFC": str(acme.total(1001)),
                "GLAccount": exact.id_of(DIVISION, "financial/GLAccounts", "8000"),
            }
        ],
    )
    acme.settle()
    document = acme.document(1001)
    assert (document.state, document.form) == ("posted", "sales_entry")


def test_one_that_names_its_order_since_a_change_counts(acme: Acme) -> None:
    typed = type_in(acme, 1001, SAME, amount=acme.total(1001) + 1)
    turns(begin(acme))
    acme.sandbox.exact.change(DIVISION, INVOICES, typed, YourRef="1001")
    acme.settle()
    assert acme.document(1001).code == "may_be_in_exact"


def test_one_of_another_order_holds_up_nothing_and_is_forgotten(acme: Acme) -> None:
    turns(begin(acme))
    typed = type_in(acme, 1001, SAME, amount=acme.total(1001) + 1000)
    acme.sandbox.exact.change(DIVISION, INVOICES, typed, Description="A customer at the desk")
    acme.settle()
    assert set(OrderSync.objects.filter(backfilled=True).values_list("state", flat=True)) == {"posted"}
    assert not BackfillDocument.objects.exists()


def test_one_look_is_for_twenty_orders(acme: Acme) -> None:
    run = turns(begin(acme))
    acme.settle()
    looks = [each for each in acme.sandbox.exact.calls if each.path.endswith(LINES) and "Modified" in each.query]
    assert OrderSync.objects.filter(backfilled=True, state="posted").count() == 24
    assert len(looks) == 2
    run.refresh_from_db()
    assert run.seen_until
    assert not BackfillDocument.objects.exists()


def test_a_restart_looks_from_where_the_last_look_ended(acme: Acme) -> None:
    run = turns(begin(acme))
    acme.settle()
    run.refresh_from_db()
    seen = run.seen_until
    assert (run.created_at - timedelta(hours=14)).replace(tzinfo=None).isoformat() < seen
