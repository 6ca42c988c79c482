"""What the database itself refuses, whoever asks."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from connector.domain.document.states import ALLOWED, BlockedReason, SkipReason, State
from connector.flow.clock import database_now
from connector.models import Alert, Connection, Delivery, Division, OrderSync, RuleVersion, Store, SyncEvent
from connector.models.documents import HistoryIsAppendOnly
from tenants.models import Membership, User
from tests.acme import Acme


def refused(act: Any, *args: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act(*args, **fields)


def document(acme: Acme, **fields: Any) -> OrderSync:
    values = {"order_id": 1, "next_attempt_at": database_now(), **fields}
    return OrderSync.objects.create(connection=acme.connection, division=acme.connection.division, **values)


def test_a_document_exists_once(acme: Acme) -> None:
    document(acme)
    refused(document, acme)
    document(acme, sequence=2)
    document(acme, kind="credit")


def test_posted_needs_exacts_id(acme: Acme) -> None:
    refused(document, acme, state="posted", next_attempt_at=None)
    document(acme, state="posted", next_attempt_at=None, exact_id=str(uuid.uuid4()))


@pytest.mark.parametrize("state", [State.PENDING, State.WAITING, State.UNCERTAIN])
def test_what_has_a_next_step_says_when(acme: Acme, state: State) -> None:
    refused(document, acme, state=state, next_attempt_at=None)


@pytest.mark.parametrize("state", [State.PREPARING, State.POSTING, State.AWAITING_APPROVAL])
def test_what_is_at_rest_or_in_hand_has_no_next_attempt(acme: Acme, state: State) -> None:
    refused(document, acme, state=state)


@pytest.mark.parametrize("reason", ["", "status", "whatever"])
def test_blocked_needs_a_reason_for_blocking(acme: Acme, reason: str) -> None:
    refused(document, acme, state="blocked", next_attempt_at=None, reason=reason)


@pytest.mark.parametrize("reason", ["", "mapping", "whatever"])
def test_skipped_needs_a_reason_for_skipping(acme: Acme, reason: str) -> None:
    refused(document, acme, state="skipped", next_attempt_at=None, reason=reason)


def test_nothing_else_has_a_reason(acme: Acme) -> None:
    refused(document, acme, reason="mapping")


def test_an_unknown_state_is_refused(acme: Acme) -> None:
    refused(document, acme, state="somewhere", next_attempt_at=None)


def test_every_state_and_reason_of_the_table_is_known_to_the_database(acme: Acme) -> None:
    due = {State.PENDING, State.WAITING, State.UNCERTAIN}
    reasons: dict[State, list[str]] = {State.BLOCKED: list(BlockedReason), State.SKIPPED: list(SkipReason)}
    for number, state in enumerate(ALLOWED):
        for place, reason in enumerate(reasons.get(state, [""])):
            document(
                acme,
                order_id=100 * number + place + 1,
                state=state,
                reason=reason,
                next_attempt_at=database_now() if state in due else None,
                exact_id=str(uuid.uuid4()),
            )


def test_an_invoice_of_exact_belongs_to_one_document(acme: Acme) -> None:
    exact_id = str(uuid.uuid4())
    document(acme, exact_id=exact_id)
    refused(document, acme, order_id=2, exact_id=exact_id)


def test_a_reference_is_used_once_a_division(acme: Acme) -> None:
    document(acme, reference="NLS-1")
    refused(document, acme, order_id=2, reference="NLS-1")


def test_one_connection_of_a_store_posts(acme: Acme) -> None:
    other = Division.objects.create(grant=acme.connection.division.grant, region="nl", code=7)
    fields = {"store": acme.store, "division": other, "start_date": "2026-01-01", "journal": "70"}
    refused(Connection.objects.create, mode="live", **fields)
    refused(Connection.objects.create, mode="approval", **fields)
    Connection.objects.create(mode="shadow", **fields)


def test_a_division_and_a_store_exist_once_an_installation(acme: Acme) -> None:
    division = acme.connection.division
    refused(Division.objects.create, grant=division.grant, region=division.region, code=division.code)
    refused(Store.objects.create, tenant=acme.store.tenant, store_hash="nlshop1", prefix="XX", name="twin")
    refused(Store.objects.create, tenant=acme.store.tenant, store_hash="other99", prefix="NLS", name="twin")


def test_a_webhook_id_is_taken_once_a_store(acme: Acme) -> None:
    Delivery.objects.create(store=acme.store, webhook_id="msg_1", scope="x", proof="secret", signature="absent")
    refused(
        Delivery.objects.create, store=acme.store, webhook_id="msg_1", scope="x", proof="secret", signature="absent"
    )
    for _ in range(2):  # without an id every delivery is its own
        Delivery.objects.create(store=acme.store, scope="x", proof="secret", signature="absent")


def test_a_rule_version_number_is_used_once(acme: Acme) -> None:
    refused(RuleVersion.objects.create, connection=acme.connection, number=1)


def test_a_cause_has_one_open_alert(acme: Acme) -> None:
    alert = Alert.objects.create(tenant=acme.store.tenant, cause="grant:1", text="x")
    refused(Alert.objects.create, tenant=acme.store.tenant, cause="grant:1", text="x")
    alert.closed_at = database_now()
    alert.save()
    Alert.objects.create(tenant=acme.store.tenant, cause="grant:1", text="x")


def test_an_e_mail_address_is_one_person_whatever_its_case(acme: Acme) -> None:
    user = User.objects.get()
    refused(User.objects.bulk_create, [User(email=user.email.upper())])
    refused(Membership.objects.create, user=user, tenant=acme.store.tenant, role="viewer")
    refused(Membership.objects.filter(user=user).update, role="king")


def test_the_history_is_only_ever_added_to(acme: Acme) -> None:
    event = SyncEvent.objects.create(tenant=acme.store.tenant, kind="action", text="Something happened.")
    event.text = "Nothing happened."
    with pytest.raises(HistoryIsAppendOnly):
        event.save()


def test_the_hot_queries_have_their_indexes(acme: Acme) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # it reads and sorts small tables whole unless told otherwise
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    due = OrderSync.objects.filter(division=1, next_attempt_at__lte=database_now()).order_by("next_attempt_at", "id")
    assert "document_due" in due.explain()
    unread = Delivery.objects.filter(store=1, processed_at=None).order_by("id")
    assert "delivery_unprocessed" in unread.explain()
