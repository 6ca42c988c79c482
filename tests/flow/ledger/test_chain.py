"""A write of a document is one entry of its connection's chain, and two writers never follow the same entry."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.domain.document import chain as hashes
from connector.domain.document.states import SkipReason, State
from connector.flow.leases import LeaseLost
from connector.flow.ledger import chain, transitions
from connector.flow.outbound import history
from connector.flow.records.walk import walk
from connector.models import Chain, OrderSync, SyncEvent
from connector.models.kept_words import english
from tenants.models import User
from tests.factories import ConnectionFactory, OrderSyncFactory, SyncEventFactory

pytestmark = pytest.mark.django_db
WRITERS, WRITES = 4, 10


@pytest.fixture
def document() -> OrderSync:
    """A document without a history."""
    return OrderSyncFactory.create()


def intact(document: OrderSync) -> bool:
    """Whether the chain of the document's connection is as it was written."""
    return not list(walk(document.connection))


def test_the_first_entry_follows_what_anybody_can_work_out(document: OrderSync) -> None:
    transitions.note(document, english("Noted."), customer="Anna", currency="EUR")
    entry, head = SyncEvent.objects.get(), Chain.objects.get()
    assert (entry.number, entry.place, entry.connection_id) == (1, 0, document.connection_id)
    assert entry.hash == head.hash == chain.entry_of(entry).hash_after(hashes.genesis(document.connection_id))
    assert entry.seal == {
        "document": [document.pk, document.order_id, "invoice", 1, document.division.code],
        "who": "",
        "said": {"currency": "EUR"},
        "hashes": {},
        "lines": [],
    }


def test_an_entry_names_the_document_as_it_is_since(document: OrderSync) -> None:
    transitions.note(document, english("It is for payment 7."), sequence=7)
    assert (SyncEvent.objects.get().seal or {})["document"][3] == 7
    assert intact(document)


def test_an_entry_of_an_older_release_names_no_division_and_calls_may_stand_outside(document: OrderSync) -> None:
    transitions.note(document, english("Noted."))
    entry = SyncEvent.objects.get()
    entry.seal = {**(entry.seal or {}), "document": (entry.seal or {})["document"][:4]}
    entry.hash = chain.entry_of(entry).hash_after(hashes.genesis(document.connection_id))
    SyncEvent.objects.bulk_update([entry], ["seal", "hash"])
    Chain.objects.update(hash=entry.hash)
    SyncEventFactory.create(document=document, kind="call")
    document.refresh_from_db()
    chain._heads.clear()
    assert intact(document)
    transitions.note(document, english("Noted by this release."))
    assert intact(document)
    SyncEventFactory.create(document=document, kind="call")
    assert not intact(document)


def test_a_document_that_enters_in_its_state_has_an_entry(document: OrderSync) -> None:
    entering = OrderSyncFactory.build(connection=document.connection, division=document.division, order_id=77)
    transitions.enter(entering, State.POSTED, english("Adopted."), exact_id="made-by-hand", total=Decimal("12.50"))
    entry = SyncEvent.objects.get()
    assert (entry.number, (entry.seal or {})["said"]["exact_id"]) == (1, "made-by-hand")
    assert intact(document)


def test_lines_of_before_the_chain_stay_outside_of_it(document: OrderSync) -> None:
    old = SyncEventFactory.create(document=document, kind="transition")
    transitions.note(document, english("Noted."))
    old.refresh_from_db()
    assert old.number is None
    assert intact(document)


def test_who_acted_stays_when_the_person_is_gone(document: OrderSync) -> None:
    ann = User.objects.create_user("ann@acme.example")
    transitions.note(document, english("Noted."), actor=ann, data={"action": "skip", "reason": "Twice."})
    ann.delete()
    assert (SyncEvent.objects.get().seal or {})["who"] == "ann@acme.example"
    assert intact(document)


def test_a_write_costs_at_most_one_more_statement(document: OrderSync) -> None:
    transitions.note(document, english("The head is known from here on."))
    with CaptureQueriesContext(database) as captured:
        transitions.note(document, english("Noted."))
    about = [query["sql"] for query in captured if "connector_chain" in query["sql"] or "syncevent" in query["sql"]]
    assert len(about) == (1 if database.vendor == "postgresql" else 2)


def test_what_is_rolled_back_leaves_no_gap(document: OrderSync) -> None:
    transitions.note(document, english("First."))

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transitions.move(document, State.SKIPPED, english("Gone."), reason=SkipReason.STATUS, also=fail)
    document.refresh_from_db()
    transitions.note(document, english("Second."))
    assert list(SyncEvent.objects.order_by("number").values_list("number", "text")) == [(1, "First."), (2, "Second.")]
    assert intact(document)


def test_a_worker_that_lost_the_document_writes_no_entry(document: OrderSync) -> None:
    transitions.note(document, english("First."))
    OrderSync.objects.update(lease_token=7)
    with pytest.raises(LeaseLost):
        transitions.move(document, State.SKIPPED, english("Gone."), reason=SkipReason.STATUS)
    assert Chain.objects.get().number == 1
    assert intact(document)


def test_what_another_process_wrote_is_followed(document: OrderSync) -> None:
    transitions.note(document, english("First."))
    before = dict(chain._heads)
    transitions.note(document, english("By another process."))
    chain._heads.clear()
    chain._heads.update(before)  # as this process remembers it
    transitions.note(document, english("Third."))
    assert Chain.objects.get().number == 3
    assert intact(document)


def test_each_connection_has_a_chain_of_its_own(document: OrderSync) -> None:
    other = OrderSyncFactory.create(connection=ConnectionFactory.create())
    for each in (document, other, document):
        transitions.note(each, english("Noted."))
    assert dict(Chain.objects.values_list("connection", "number")) == {
        document.connection_id: 2,
        other.connection_id: 1,
    }
    assert intact(document)
    assert intact(other)


def test_the_database_refuses_a_second_line_with_the_same_number(document: OrderSync) -> None:
    transitions.note(document, english("First."))
    forged = SyncEvent.objects.get()
    forged.pk, forged.text = None, "Forged."
    with pytest.raises(IntegrityError), transaction.atomic():
        SyncEvent.objects.bulk_create([forged])


@pytest.mark.parametrize("kinds", [("call", "transition"), ("call", "transition", "call"), ("call",)])
def test_what_no_write_took_along_is_chained(document: OrderSync, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        document.unwritten.events.append(SyncEventFactory.build(document=document, tenant=_tenant(document), kind=kind))
    history.write_what_is_left(document)
    rows = list(SyncEvent.objects.order_by("id").values_list("number", "place", "kind"))
    assert set(rows) >= {(1, 0, "transition"), (1, 1, "call")}
    assert len(rows) == len(kinds) + (kinds[-1] == "call")
    assert all(number == 1 for number, _place, _kind in rows)
    assert intact(document)


def _tenant(document: OrderSync) -> object:
    return document.connection.store.tenant


@pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite's database in memory refuses a second writer")
@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain() -> None:
    connection = ConnectionFactory.create()
    documents = [OrderSyncFactory.create(connection=connection) for _ in range(WRITERS)]

    def write(document: OrderSync) -> None:
        for number in range(WRITES):
            with transaction.atomic():  # two entries in one transaction, as with a receipt
                transitions.note(document, english(f"Note {number}."))
                transitions.note(document, english(f"Note {number} again."))
        connections.close_all()

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, documents))
    assert Chain.objects.get().number == 2 * WRITERS * WRITES
    assert not list(walk(connection))
