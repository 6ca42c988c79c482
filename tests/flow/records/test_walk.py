"""Walking the chain finds every line and every column that is not as it was written."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.chain import genesis
from connector.flow.actions import months
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.ledger import chain, transitions
from connector.flow.records import expired
from connector.flow.records.walk import walk
from connector.models import Chain, ClosedMonth, Connection, Delivery, MappingRule, OrderSync, SyncEvent
from connector.models.kept_words import english
from tenants.models import User
from tests.acme import Acme
from tests.factories import ConnectionFactory, DivisionFactory, OrderSyncFactory


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted two orders; each was worked on twice."""
    for order in (1001, 1002):
        acme.ring(order, webhook_id=f"first-{order}")
    acme.drain()
    acme.ring(1001, webhook_id="second")
    acme.settle()
    assert OrderSync.objects.filter(state="posted").count() == 2
    return acme


def faults(acme: Acme) -> list[str]:
    """What the walk says."""
    return [fault.text for fault in walk(acme.connection)]


def entry(**wanted: Any) -> SyncEvent:
    """The first entry of order 1001 that has these."""
    rows = SyncEvent.objects.filter(document__order_id=1001, place=0, number__isnull=False, **wanted)
    found = rows.order_by("number").first()
    assert found is not None
    return found


def test_all_is_as_it_was_written(posted: Acme) -> None:
    assert faults(posted) == []
    head = Chain.objects.get()
    entries = SyncEvent.objects.filter(place=0, number__isnull=False)
    assert head.number == entries.count() > 8
    assert set(entries.values_list("connection", flat=True)) == {posted.connection.pk}


@pytest.mark.parametrize("column", ["reviewed_total", "reviewed_tax", "reviewed_status"])
def test_what_the_store_had_at_a_reviewed_change_is_what_an_entry_says(posted: Acme, column: str) -> None:
    OrderSync.objects.filter(order_id=1002).update(**{column: 5})
    assert faults(posted) == ["what the store had at a reviewed change stands in no entry of the chain"]
    OrderSync.objects.filter(order_id=1002).update(**{column: None})
    seen: dict[str, Any] = {"reviewed_total": Decimal(5), "reviewed_tax": Decimal(5), "reviewed_status": 5}
    transitions.note(posted.document(1002), english("Noted."), **seen)
    assert faults(posted) == []
    OrderSync.objects.filter(order_id=1002).update(**{column: 6})
    assert faults(posted) == [f"{column} is not what the chain says"]


def test_each_write_of_a_document_is_an_entry_that_covers_its_calls(posted: Acme) -> None:
    made = entry(text__startswith="Exact made")
    lines = SyncEvent.objects.filter(connection=posted.connection, number=made.number).order_by("id")
    assert [line.place for line in lines] == [*range(1, len(lines)), 0]
    (create,) = (line for line in lines if line.text.startswith("POST salesinvoice/SalesInvoices"))
    assert '"YourRef"' in create.sent
    assert "InvoiceID" in create.answered


def _swap_orders() -> None:
    for old, new in ((1001, 5), (1002, 1001), (5, 1002)):
        OrderSync.objects.filter(order_id=old).update(order_id=new)


CHANGES: dict[str, tuple[Callable[[], Any], str]] = {
    "text": (lambda: _update(entry(), text="Something else."), "not as it was"),
    "data": (lambda: _update(entry(data__to="posted"), data={"to": "posted"}), "not as it was"),
    "moment": (lambda: _update(entry(), at=entry().at + timedelta(microseconds=1)), "not as it was"),
    "seal": (
        lambda: _update(entry(data__to="posting"), seal={**(entry().seal or {}), "who": "ann@acme.example"}),
        "not as",
    ),
    "who, where it was nobody": (
        lambda: _update(entry(), actor=User.objects.create_user("eve@acme.example")),
        "another person",
    ),
    "who of a call": (lambda: _update(_call(), actor=User.objects.create_user("eve@acme.example")), "another person"),
    "hash": (lambda: _update(entry(), hash="0" * 64), "not as it was"),
    "a call": (lambda: _update(_call(), text="GET nothing"), "line 1 of the entry is not as it was"),
    "a call's figures": (lambda: _update(_call(), data={**_call().data, "status": 500}), "of the entry is not as it"),
    "a request": (lambda: _update(_call(), sent='{"changed": 1}'), "sent is not as it was"),
    "an answer": (lambda: _update(_call(), answered="{}"), "answered is not as it was"),
    "a request's absence": (lambda: _update(_call(), sent=""), "sent is missing"),
    "another document's": (lambda: _update(entry(), document=_document(1002)), "history of another document"),
    "an entry is gone": (lambda: _rows(entry(data__to="posting")).delete(), "only its lines"),
    "an entry alone is gone": (lambda: _rows(entry(data__to="preparing")).delete(), "entries 1 to 1 are missing"),
    "the last is gone": (
        lambda: _rows(_last()).delete(),
        "ends at another",
    ),
    "a call is gone": (lambda: _rows(_call()).delete(), "of the entry is missing"),
    "a line is added": (lambda: _copy(entry(), place=9), "was added to the entry"),
    "a line is added outside": (lambda: _copy(entry(), number=None), "outside of the chain"),
    "a call is added outside": (lambda: _copy(_call(), number=None), "outside of the chain"),
    "an entry is added": (lambda: _copy(entry(), number=Chain.objects.get().number + 1), "ends at another"),
    "the head": (lambda: Chain.objects.update(hash="0" * 64), "ends at another"),
    "the draft": (lambda: _change(draft={**(_document(1001).draft or {}), "gross": "1.00"}), "draft is not what"),
    "the order": (lambda: _change(order_data={"order": {}}), "order_data is not what"),
    "the order's absence": (lambda: _change(order_data=None), "order_data is not what"),
    "Exact's answer": (lambda: _change(exact_data={}), "exact_data is not what"),
    "the rules": (lambda: MappingRule.objects.update(gl_account="9999"), "rules is not what the chain says"),
    "the version of the rules": (lambda: _change(rules=None), "rules is not what the chain says"),
    "the total": (lambda: _change(total=1), "total is not what"),
    "what is to be settled": (lambda: _change(to_settle=5), "to_settle is not what the chain says"),
    "when it was sent": (lambda: _change(sent_at=entry().at), "sent_at is not what the chain says"),
    "the order's number": (lambda: _change(order_id=9999), "the chain has it as 1001/invoice/1/100001"),
    "two documents": (_swap_orders, "the chain has it as 1002/invoice/1/100001"),
    "the kind": (lambda: _change(kind="credit"), "the chain has it as 1001/invoice/1/100001"),
    "the place in the order": (lambda: _change(sequence=7), "the chain has it as 1001/invoice/1/100001"),
    "the division": (lambda: _change(division=DivisionFactory.create()), "the chain has it as 1001/invoice/1/100001"),
    "Exact's number": (lambda: _change(exact_number="1"), "exact_number is not what"),
    "the delivery": (lambda: Delivery.objects.filter(webhook_id="second").update(body="{}"), "the delivery of"),
    "the delivery's absence": (lambda: Delivery.objects.filter(webhook_id="first-1002").delete(), "the delivery of"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found(posted: Acme, what: str) -> None:
    act, said = CHANGES[what]
    act()
    found = faults(posted)
    assert found
    assert any(said in text for text in found), found


def test_entries_that_say_less_of_a_document_stay_as_they_were_written(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that was sent before entries said when stays valid; the next write of it says more."""
    document = OrderSyncFactory.create(state="posting", next_attempt_at=None)
    with monkeypatch.context() as before:
        before.setattr(chain, "SAID", [name for name in chain.SAID if name not in {"to_settle", "sent_at"}])
        transitions.note(document, english("Sent."), sent_at=database_now(), to_settle=5)
    assert list(walk(document.connection)) == []
    transitions.note(document, english("Settled."), to_settle=None)
    assert list(walk(document.connection)) == []
    OrderSync.objects.update(to_settle=5)
    assert [fault.text for fault in walk(document.connection)] == ["to_settle is not what the chain says"]


def _call() -> SyncEvent:
    found = SyncEvent.objects.filter(
        document__order_id=1001, text__startswith="POST salesinvoice/SalesInvoices"
    ).first()
    assert found is not None
    return found


def _last() -> SyncEvent:
    return SyncEvent.objects.get(number=Chain.objects.get().number, place=0)


def _document(order: int) -> OrderSync:
    return OrderSync.objects.get(order_id=order)


def _rows(event: SyncEvent) -> Any:
    return SyncEvent.objects.filter(pk=event.pk)


def _update(event: SyncEvent, **fields: Any) -> None:
    assert _rows(event).update(**fields)


def _change(**fields: Any) -> None:
    assert OrderSync.objects.filter(order_id=1001).update(**fields)


def _copy(event: SyncEvent, **fields: Any) -> None:
    event.pk = None
    for name, value in fields.items():
        setattr(event, name, value)
    SyncEvent.objects.bulk_create([event])


class TestWhoActed:
    """The chain has the address; the row has the person, who may change the address or be deleted."""

    @pytest.fixture
    def ann(self, posted: Acme) -> User:
        """Somebody who looked at a document."""
        ann = User.objects.create_user("ann@acme.example")
        transitions.note(
            posted.document(1001), english("Looked at."), actor=ann, data={"action": "look", "reason": "To see."}
        )
        return ann

    def test_another_person_is_found(self, posted: Acme, ann: User) -> None:
        _update(_last(), actor=User.objects.create_user("eve@acme.example"))
        assert faults(posted) == ["the entry is ascribed to another person than the chain says"]

    def test_a_person_may_have_another_address_since(self, posted: Acme, ann: User) -> None:
        User.objects.filter(pk=ann.pk).update(email="ann.smith@acme.example")
        assert faults(posted) == []


def test_a_document_that_no_entry_tells_of_is_found(posted: Acme) -> None:
    OrderSyncFactory.create(connection=posted.connection, order_id=77, posted=True, state="posted")
    assert faults(posted) == ["no entry of the chain says how the document came to its state"]


class TestWithoutItsHead:
    """Who removes the row with the last number and hash removes no evidence."""

    def test_the_entries_are_a_fault(self, posted: Acme) -> None:
        Chain.objects.all().delete()
        assert faults(posted) == ["the chain ends at another entry than the last one that was written"]

    def test_so_are_documents_whose_history_is_gone(self, posted: Acme) -> None:
        Chain.objects.all().delete()
        SyncEvent.objects.all().delete()
        assert faults(posted) == ["no entry of the chain says how the document came to its state"] * 2

    def test_a_chain_that_began_again_does_not_hide_them(self, posted: Acme) -> None:
        Chain.objects.all().delete()
        SyncEvent.objects.all().delete()
        Chain.objects.create(connection=posted.connection, hash=genesis(posted.connection.pk))
        assert faults(posted) == ["no entry of the chain says how the document came to its state"] * 2

    def test_a_connection_of_which_nothing_was_written_has_no_fault(self, db: None) -> None:
        document = OrderSyncFactory.create()
        assert list(walk(document.connection)) == []


def test_a_head_that_was_set_back_is_found(posted: Acme) -> None:
    document = posted.document(1001)
    last_but_one = _last()
    transitions.note(document, english("Looked at."), data={"action": "look", "reason": "To see."})
    _rows(_last()).delete()
    Chain.objects.update(number=last_but_one.number, hash=last_but_one.hash)
    assert faults(posted) == ["the document was written after the last entry about it"]


def test_so_is_one_that_was_set_back_behind_what_has_expired(posted: Acme) -> None:
    last_but_one = _last()
    expired.record(posted.connection, expired.Expired())
    _rows(_last()).delete()
    Chain.objects.update(number=last_but_one.number, hash=last_but_one.hash)
    assert faults(posted) == ["the chain ends at another entry than the last one that was written"]


def test_a_document_that_the_connection_has_no_more_is_named(posted: Acme) -> None:
    OrderSync.objects.filter(order_id=1001).update(connection=ConnectionFactory.create())
    assert [(fault.place, fault.text) for fault in walk(posted.connection)] == [
        ("1001/invoice/1", "the document is missing in the ledger")
    ]


class TestAClosedMonth:
    """Who closed a month, and who opened it again, stands in the chain; the rows are held against it."""

    @pytest.fixture
    def closed(self, db: None) -> Connection:
        """A connection with one month closed, and one closed and opened again."""
        connection = ConnectionFactory.create()
        for month in (date(2026, 1, 1), date(2026, 2, 1)):
            months.close(connection, month, None, "Filed")
        months.open_again(connection, date(2026, 2, 1), None, "An invoice was forgotten")
        return connection

    def test_it_is_as_the_chain_says(self, closed: Connection) -> None:
        assert list(walk(closed)) == []
        assert Chain.objects.get().number == 3

    def test_one_that_was_refused_leaves_no_entry(self, closed: Connection) -> None:
        with pytest.raises(NotPossible):
            months.close(closed, date(2026, 1, 1), None, "Once more")
        with pytest.raises(NotPossible):
            months.open_again(closed, date(2026, 2, 1), None, "Once more")
        assert list(walk(closed)) == []
        assert Chain.objects.get().number == 3

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda row: ClosedMonth.objects.filter(opened_at=None).delete(), "2026-01: the closed month is missing"),
            (lambda row: Connection.objects.update(closed_months=[]), "2026-01: the closed month is missing"),
            (
                lambda row: Connection.objects.update(closed_months=["2026-01-01", "2026-02-01"]),
                "2026-02: the month is closed, and no entry says so",
            ),
            (
                lambda row: SyncEvent.objects.filter(number=1).update(data={"action": "x", "reason": "", "month": ""}),
                "1: the entry is not as it was written",
            ),
        ],
    )
    def test_a_change_is_named(self, closed: Connection, change: Callable[[Connection], Any], said: str) -> None:
        change(closed)
        closed.refresh_from_db()
        assert said in [f"{fault.place}: {fault.text}" for fault in walk(closed)]
