"""After a restored backup nothing is posted twice: what may be in Exact is looked up before anything is sent."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from connector.flow.clock import database_now
from connector.flow.pipeline import recovery
from connector.models import Division, ExactGrant, OrderSync
from connector.models.credentials import Health
from tests.acme import STORE, Acme
from tests.flow.payment.test_receipt import PAYMENTS, with_payments
from tests.snapshot import Table, read_tables

INVOICES = "*salesinvoice/SalesInvoices*"


class Backup:
    """The rows of the ledger and of the set-up at one moment."""

    def __init__(self) -> None:
        self.tables: list[Table] = [table for table in read_tables() if table.name.startswith("connector_")]

    def restore(self) -> None:
        """Put the rows back. What came since is lost."""
        now = {table.name for table in read_tables() if table.name.startswith("connector_")}
        with transaction.atomic(), connection.cursor() as cursor:
            for name in now:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
            for table in self.tables:
                table.write(timedelta())


def recover(acme: Acme) -> recovery.Report:
    recovery.begin()
    return recovery.recover(None, lambda line: None)


def place(acme: Acme, order_id: int) -> None:
    """A shopper orders now, and the store sends its webhook."""
    acme.sandbox.stores.store(STORE).change(order_id)
    acme.ring(order_id)


def sent(acme: Acme) -> int:
    return acme.sandbox.exact.calls.count("POST", INVOICES)


def test_orders_posted_since_are_found_and_nothing_is_posted_twice(acme: Acme) -> None:
    for order_id in (1001, 1002):
        acme.ring(order_id)
    backup = Backup()  # 1001 and 1002 are in the inbox, 1003 is not
    place(acme, 1003)
    acme.drain()
    posted = {row["YourRef"]: row["InvoiceID"] for row in acme.invoices()}
    assert len(posted) == 3
    backup.restore()
    report, before = recover(acme), sent(acme)
    assert report.complete
    assert report.counts["found"] == 3
    acme.settle()
    assert sent(acme) == before
    assert {row["YourRef"]: row["InvoiceID"] for row in acme.invoices()} == posted
    for order_id in (1001, 1002, 1003):
        assert acme.document(order_id).state == "posted"
        assert acme.document(order_id).exact_id == posted[f"NLS-{order_id}"]


def test_what_was_not_posted_is_free_and_is_posted_once(acme: Acme) -> None:
    place(acme, 1001)
    Backup().restore()
    lines: list[str] = []
    recovery.begin()
    assert recovery.recover(None, lines.append).counts["free"] == 1
    assert "0 found in Exact, 1 not there and free to be posted, 0 held" in lines[-1]
    looks = acme.sandbox.exact.calls.count("GET", INVOICES)
    acme.settle()
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices(1001)) == 1
    assert acme.sandbox.exact.calls.count("GET", INVOICES) == looks  # it was searched already


def test_nothing_is_sent_before_it_is_recovered(acme: Acme) -> None:
    place(acme, 1001)
    recovery.begin()
    acme.drain()
    assert acme.document(1001).state == "pending"
    assert sent(acme) == 0
    assert recovery.recover(None, lambda line: None).complete
    assert sent(acme) == 0  # recovering only reads
    acme.drain()
    assert sent(acme) == 1


def test_a_dead_token_tells_of_a_restored_backup_without_being_asked(acme: Acme) -> None:
    backup = Backup()
    acme.sandbox.exact.advance(600)
    place(acme, 1001)
    acme.drain()
    newest = ExactGrant.objects.get()
    backup.restore()
    place(acme, 1001)
    acme.drain()
    assert ExactGrant.objects.get().state == Health.RECONNECT
    newest.save()  # a person connects again
    acme.settle()
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices(1001)) == 1


def test_a_consent_that_ended_is_named_and_the_lane_stays_shut(acme: Acme) -> None:
    place(acme, 1001)
    ExactGrant.objects.update(state=Health.RECONNECT)
    report = recover(acme)
    assert not report.complete
    assert "connected to Exact again" in report.troubles[0]
    ExactGrant.objects.update(state=Health.ACTIVE)
    acme.drain()
    assert sent(acme) == 0
    assert recovery.recover(None, lambda line: None).complete
    assert not Division.objects.filter(recovering=True).exists()


def test_a_second_run_goes_on_where_the_first_was_killed(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    for order_id in (1001, 1002):
        acme.ring(order_id)
    recovery.begin()
    died: list[str] = []

    def die(line: str) -> None:
        if acme.sandbox.exact.calls.count("GET", INVOICES):
            died.append(line)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recovery.recover(None, die)
    assert recovery.recover(None, lambda line: None).complete
    searches = [
        call.query for call in acme.sandbox.exact.calls if call.method == "GET" and "SalesInvoices" in call.path
    ]
    assert len(searches) == 2


def test_a_credit_note_made_since_is_found(acme: Acme) -> None:
    acme.configure(refunds="credit")
    place(acme, 1001)
    acme.drain()
    backup = Backup()
    acme.sandbox.stores.store(STORE).refund(1001)
    acme.ring(1001, "store/order/updated")
    acme.settle()
    (note,) = acme.credits(1001)
    assert note.state == "posted"
    backup.restore()
    before = sent(acme)
    assert recover(acme).complete
    acme.ring(1001, "store/order/updated")  # the poll reads whole seconds, and this test takes less than one
    acme.settle()
    (again,) = acme.credits(1001)
    assert (again.state, again.exact_id) == ("posted", note.exact_id)
    assert sent(acme) == before


def test_a_receipt_booked_since_is_found(acme: Acme) -> None:
    with_payments(acme, PAYMENTS)
    backup = Backup()
    place(acme, 1001)
    acme.settle()
    booked = OrderSync.objects.get(kind="receipt").exact_id
    assert booked
    backup.restore()
    assert recover(acme).complete
    acme.settle()
    assert OrderSync.objects.get(kind="receipt").exact_id == booked
    assert acme.sandbox.exact.calls.count("POST", "*BankEntries") == 1


def test_an_approval_and_shadow_mode_send_nothing_twice_either(acme: Acme) -> None:
    backup = Backup()
    place(acme, 1001)
    acme.drain()
    backup.restore()
    acme.connection.mode = "shadow"
    acme.connection.save()
    assert recover(acme).counts["skipped"] == 1
    acme.connection.mode = "live"
    acme.connection.save()
    OrderSync.objects.update(state="pending", reason="", next_attempt_at=database_now())  # a person's re-post
    acme.settle()
    assert acme.document(1001).state == "posted"
    assert sent(acme) == 1
