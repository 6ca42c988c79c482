"""Documents with the same cause have one key, whatever their own values are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State
from connector.flow.ledger import transitions
from connector.flow.ledger.held_causes import NEEDED, digest, key_of
from connector.models import OrderSync
from connector.models.kept_words import english
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db


def held(account: str = "8000", line: str = "Mug", **given: object) -> OrderSync:
    """A document that is held because Exact does not have an account."""
    params = {"gl_account": account, "name": line}
    return OrderSyncFactory.create(held=True, code="gl_account_missing", params=params, **given)


def test_documents_of_one_division_that_are_held_by_one_cause_share_their_key() -> None:
    one = ConnectionFactory.create()
    first, second = held(connection=one), held(connection=one, line="Poster")
    assert key_of(first) == key_of(second)
    assert key_of(held()) != key_of(first)  # of another division
    assert key_of(held(connection=one, reason="totals")) != key_of(first)
    assert key_of(held("8001", connection=one)) != key_of(first)


def test_the_named_fields_are_all_that_the_key_needs() -> None:
    made = held()
    document = OrderSync.objects.only(*NEEDED).get()
    with CaptureQueriesContext(connection) as captured:
        assert key_of(document) == key_of(made)
    assert not captured.captured_queries


def test_a_row_keeps_its_cause_while_it_is_held() -> None:
    document = OrderSyncFactory.create()
    transitions.move(document, State.BLOCKED, (Problem(Code.JOURNAL_MISSING, "", {"journal": "70"}),))
    kept = OrderSync.objects.get()
    assert kept.cause == digest(key_of(kept))
    transitions.note(document, english("Looked at."))
    assert OrderSync.objects.get().cause == kept.cause
    transitions.move(document, State.PENDING, english("Again."))
    assert OrderSync.objects.get().cause == ""


def test_a_row_that_is_entered_as_held_has_its_cause() -> None:
    made = OrderSyncFactory.build(connection=ConnectionFactory.create(), division=None)
    made.division = made.connection.division
    transitions.enter(made, State.BLOCKED, (Problem(Code.JOURNAL_MISSING, "", {"journal": "70"}),))
    assert OrderSync.objects.get().cause == digest(key_of(made))
