"""Moves and notes: each with its history, in one transaction, by the worker that has the row."""

import pytest
from django.db import transaction

from connector.domain.document.states import SkipReason, State
from connector.flow.ledger import transitions
from connector.models import OrderSync, SyncEvent
from connector.models.kept_words import english
from tests.factories import OrderSyncFactory


@pytest.mark.django_db
class TestNoteWithNext:
    """Facts that go with the next write."""

    def test_the_next_note_takes_them_along(self) -> None:
        document = OrderSyncFactory.create()
        transitions.note_with_next(document, english("Read."), customer="Anna")
        assert document.customer == "Anna"
        assert not OrderSync.objects.get().customer
        assert not SyncEvent.objects.exists()
        transitions.note(document, english("Done."), email="anna@shopper.example")
        assert (OrderSync.objects.get().customer, OrderSync.objects.get().email) == ("Anna", "anna@shopper.example")
        transitions.note(document, english("Done twice."))
        assert list(document.events.order_by("id").values_list("text", flat=True)) == ["Read.", "Done.", "Done twice."]

    def test_what_the_database_refuses_is_not_tried_again(self) -> None:
        other = OrderSyncFactory.create(reference="SHOP-1")
        document = OrderSyncFactory.create(connection=other.connection)
        transitions.note_with_next(document, english("Read."), reference="SHOP-1")
        with pytest.raises(Exception, match=r"document_reference_once|UNIQUE"), transaction.atomic():
            transitions.note(document, english("Done."))
        transitions.note(document, english("Failed."))
        assert [event.text for event in document.events.order_by("id")] == ["Read.", "Failed."]

    def test_what_belongs_to_a_move_is_written_with_it_or_not_at_all(self) -> None:
        document = OrderSyncFactory.create()

        def fail() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            transitions.move(document, State.SKIPPED, english("Gone."), reason=SkipReason.STATUS, also=fail)
        assert (document.state, OrderSync.objects.get().state) == ("preparing", "preparing")
        assert not SyncEvent.objects.exists()
