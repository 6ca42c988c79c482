"""What the database itself refuses."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from connector.domain.document.states import ALLOWED, BlockedReason, SkipReason, State
from connector.flow.clock import database_now
from connector.models import Connection, Delivery, OrderSync, RuleVersion
from tenants.models import Membership, User
from tests.factories import (
    AlertFactory,
    ConnectionFactory,
    DeliveryFactory,
    DivisionFactory,
    MembershipFactory,
    OrderSyncFactory,
    StoreFactory,
)


@pytest.fixture
def connected(db: None) -> Connection:
    """A store connected with a division, live."""
    return ConnectionFactory.create()


def refused(act: Any, *args: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act(*args, **fields)


def document(connected: Connection, **fields: Any) -> OrderSync:
    values = {"order_id": 1, "state": "pending", "next_attempt_at": database_now(), **fields}
    return OrderSyncFactory.create(connection=connected, **values)


def test_a_document_exists_once(connected: Connection) -> None:
    document(connected)
    refused(document, connected)
    document(connected, sequence=2)
    document(connected, kind="credit")


def test_posted_needs_exacts_id(connected: Connection) -> None:
    refused(document, connected, state="posted", next_attempt_at=None)
    document(connected, state="posted", next_attempt_at=None, exact_id=str(uuid.uuid4()))


@pytest.mark.parametrize("state", [State.PENDING, State.WAITING, State.UNCERTAIN])
def test_what_has_a_next_step_says_when(connected: Connection, state: State) -> None:
    refused(document, connected, state=state, next_attempt_at=None)


@pytest.mark.parametrize("state", [State.PREPARING, State.POSTING, State.AWAITING_APPROVAL])
def test_a_document_that_is_final_or_in_work_has_no_next_attempt(connected: Connection, state: State) -> None:
    refused(document, connected, state=state)


@pytest.mark.parametrize("reason", ["", "status", "whatever"])
def test_blocked_needs_a_reason_for_blocking(connected: Connection, reason: str) -> None:
    refused(document, connected, state="blocked", next_attempt_at=None, reason=reason)


@pytest.mark.parametrize("reason", ["", "mapping", "whatever"])
def test_skipped_needs_a_reason_for_skipping(connected: Connection, reason: str) -> None:
    refused(document, connected, state="skipped", next_attempt_at=None, reason=reason)


def test_nothing_else_has_a_reason(connected: Connection) -> None:
    refused(document, connected, reason="mapping")


def test_an_unknown_state_is_refused(connected: Connection) -> None:
    refused(document, connected, state="somewhere", next_attempt_at=None)


def test_every_state_and_reason_of_the_table_is_known_to_the_database(connected: Connection) -> None:
    due = {State.PENDING, State.WAITING, State.UNCERTAIN}
    reasons: dict[State, list[str]] = {State.BLOCKED: list(BlockedReason), State.SKIPPED: list(SkipReason)}
    for number, state in enumerate(ALLOWED):
        for place, reason in enumerate(reasons.get(state, [""])):
            document(
                connected,
                order_id=100 * number + place + 1,
                state=state,
                reason=reason,
                next_attempt_at=database_now() if state in due else None,
                exact_id=str(uuid.uuid4()),
            )


def test_an_invoice_of_exact_belongs_to_one_document(connected: Connection) -> None:
    exact_id = str(uuid.uuid4())
    document(connected, exact_id=exact_id)
    refused(document, connected, order_id=2, exact_id=exact_id)


def test_a_reference_is_used_once_a_division(connected: Connection) -> None:
    document(connected, reference="NLS-1")
    refused(document, connected, order_id=2, reference="NLS-1")


def test_one_connection_of_a_store_posts(connected: Connection) -> None:
    refused(ConnectionFactory.create, store=connected.store, mode="live")
    refused(ConnectionFactory.create, store=connected.store, mode="approval")
    ConnectionFactory.create(store=connected.store, mode="shadow")


def test_a_division_and_a_store_exist_once_an_installation(connected: Connection) -> None:
    division, store = connected.division, connected.store
    refused(DivisionFactory.create, grant=division.grant, region=division.region, code=division.code)
    refused(StoreFactory.create, tenant=store.tenant, store_hash=store.store_hash)
    refused(StoreFactory.create, tenant=store.tenant, prefix=store.prefix)


def test_a_webhook_id_is_taken_once_a_store(connected: Connection) -> None:
    DeliveryFactory.create(store=connected.store, webhook_id="msg_1")
    refused(DeliveryFactory.create, store=connected.store, webhook_id="msg_1")
    for _ in range(2):  # without an id every delivery is its own
        Delivery.objects.create(store=connected.store, scope="x", proof="secret", signature="absent")


def test_a_rule_version_number_is_used_once(connected: Connection) -> None:
    RuleVersion.objects.create(connection=connected, number=1)
    refused(RuleVersion.objects.create, connection=connected, number=1)


def test_a_cause_has_one_open_alert(db: None) -> None:
    alert = AlertFactory.create(cause="grant:1")
    refused(AlertFactory.create, tenant=alert.tenant, cause="grant:1")
    alert.closed_at = database_now()
    alert.save()
    AlertFactory.create(tenant=alert.tenant, cause="grant:1")


def test_an_e_mail_address_is_one_person_whatever_its_case(db: None) -> None:
    owner = MembershipFactory.create()
    refused(User.objects.bulk_create, [User(email=owner.user.email.upper())])
    refused(Membership.objects.create, user=owner.user, tenant=owner.tenant, role="viewer")
    refused(Membership.objects.filter(user=owner.user).update, role="king")


def test_the_hot_queries_have_their_indexes(connected: Connection) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # it reads and sorts small tables whole by default
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    due = OrderSync.objects.filter(connection=1, next_attempt_at__lte=database_now())
    assert "document_next" in due.order_by("low_priority", "next_attempt_at", "id").explain()
    Delivery.objects.bulk_create(
        Delivery(store=connected.store, webhook_id=str(number), proof="secret", processed_at=database_now())
        for number in range(300)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    unread = Delivery.objects.filter(store=connected.store, processed_at=None).order_by("id")
    assert "delivery_unprocessed" in unread.explain()
