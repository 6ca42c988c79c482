"""What may have been posted before a restore is searched in Exact, and taken only when it is the same document."""

from datetime import timedelta

from pytest_django.fixtures import Settings

from connector.flow.clock import database_now
from connector.models import Division
from tests.acme import STORE, Acme
from tests.flow.pipeline.test_recovery import Backup, place, recover, sent


def test_one_with_other_amounts_waits_for_a_person(acme: Acme) -> None:
    backup = Backup()
    place(acme, 1001)
    acme.drain()
    backup.restore()
    line = acme.sandbox.stores.store(STORE).orders[1001].products[0]
    acme.sandbox.stores.store(STORE).edit(1001, line["id"], quantity=line["quantity"] + 1)
    assert recover(acme).counts["held"] == 1
    acme.settle()
    assert acme.document(1001).reason == "duplicate"
    assert len(acme.invoices(1001)) == 1


def test_one_of_the_other_form_waits_for_a_person(acme: Acme) -> None:
    backup = Backup()
    acme.configure(document="sales_entry")
    place(acme, 1001)
    acme.drain()
    assert acme.document(1001).form == "sales_entry"
    backup.restore()
    assert recover(acme).counts["held"] == 1
    assert acme.document(1001).code == "other_form_with_our_reference"


def test_exact_may_show_late_what_was_sent_just_before(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    place(acme, 1001)
    Division.objects.update(restored_at=database_now())  # noticed by a worker, which does not wait
    acme.drain()
    document = acme.document(1001)
    assert document.state == "waiting"
    assert sent(acme) == 0
    Division.objects.update(restored_at=database_now() - timedelta(minutes=2))
    acme.settle()
    assert acme.document(1001).state == "posted"
