"""Personal data goes out of a document and its lines in one transaction with the entry that says so."""

import pytest

from connector.domain.document.scrub import TAKEN, Scrub
from connector.domain.document.states import State
from connector.flow.ledger import held_causes
from connector.flow.records.privacy import documents
from connector.flow.records.walk import walk
from connector.models import OrderSync, SyncEvent
from tests.acme import Acme
from tests.factories import OrderSyncFactory, SyncEventFactory
from tests.flow.by_hand import post
from tests.flow.records import canary
from tests.flow.records.canary import NAME, ORDER

JAN = Scrub([NAME])


@pytest.fixture
def document(acme: Acme) -> OrderSync:
    """A posted invoice of the customer."""
    canary.rewrite(acme, ORDER)
    return post(acme)


def test_a_line_outside_of_the_chain_is_emptied_too(acme: Acme, document: OrderSync) -> None:
    line = SyncEventFactory.create(document=document, text=f"Called {NAME}", sent=NAME)
    assert documents.remove_from_order(document, JAN, JAN, [])
    line.refresh_from_db()
    assert (line.text, line.sent) == (f"Called {TAKEN}", "")


def test_nothing_is_removed_while_a_worker_has_it(acme: Acme, document: OrderSync) -> None:
    OrderSync.objects.update(lease_token=7)
    with pytest.raises(documents.Changing) as changing:
        documents.remove_from_order(document, JAN, JAN, [])
    assert changing.value.document == document
    document.refresh_from_db()
    assert document.customer == NAME
    assert not SyncEvent.objects.filter(kind="forgotten").exists()


def test_the_cause_of_a_document_has_nothing_of_the_customer(acme: Acme) -> None:
    problem = {"code": "account_blocked", "line": "", "params": {"account": f"7 {NAME}"}}
    document = OrderSyncFactory.create(connection=acme.connection, held=True, problems=[problem])
    named = held_causes.column(document, {"state": State.BLOCKED})
    assert documents.remove_mentions(document, JAN)
    document.refresh_from_db()
    assert document.problems[0]["params"] == {"account": "7"}
    assert named != {"cause": document.cause} == held_causes.column(document, {"state": State.BLOCKED})


def test_a_document_that_only_names_the_customer_keeps_its_own(acme: Acme, document: OrderSync) -> None:
    params = {"amount": 2, "by": "x", "accounts": f"7 {NAME}", "search_code": "A"}
    problems = [{"code": "accounts_alike", "line": "", "params": params}]
    OrderSync.objects.update(problems=problems, message=f"2 accounts: 7 {NAME}.")
    document.refresh_from_db()
    kept = document.order_data
    assert documents.remove_mentions(document, JAN)
    assert not documents.remove_mentions(document, JAN)
    document.refresh_from_db()
    assert NAME not in document.message
    assert document.problems[0]["params"]["accounts"] == TAKEN
    assert (document.order_data, document.customer) == (kept, NAME)
    assert not list(walk(acme.connection))


def test_lines_about_no_document_are_written_without_an_entry_where_no_chain_is(acme: Acme) -> None:
    SyncEventFactory.create(document=None, tenant=acme.store.tenant, text=f"Asked {NAME}")
    assert documents.remove_from_lines(acme.store.tenant, JAN) == 1
    assert documents.remove_from_lines(acme.store.tenant, JAN) == 0
    assert SyncEvent.objects.filter(text=f"Asked {TAKEN}").count() == 1
