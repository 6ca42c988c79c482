"""The conductor: takes a lane's documents, one after the other, from due to posted.

Here is the whole way of an order: claim → fetch → translate → customer → intent → create → compare → print → record.
"""

import time
from dataclasses import dataclass
from typing import Any

import structlog

from connector.clients.errors import ClientError, Rejected
from connector.clients.exact.records import Invoice
from connector.domain.choices import DocumentKind, Mode
from connector.domain.credit.credit_note import numbered
from connector.domain.document.result import Held, Needs
from connector.domain.document.states import SkipReason, State, Step
from connector.domain.invoice.draft import Draft
from connector.domain.order.fingerprint import fingerprint
from connector.domain.order.model import Order
from connector.flow import fault_points, leases
from connector.flow.changes import after_posting, credit_note, recheck
from connector.flow.clock import database_now
from connector.flow.customer import accounts
from connector.flow.hold import Hold
from connector.flow.inbox import intake
from connector.flow.invoice import booking_date, exact_document, numbers, post, replace
from connector.flow.invoice.verify import lacks_rate
from connector.flow.lane import due, wakeup
from connector.flow.ledger import due_receipts, transitions
from connector.flow.order import details
from connector.flow.order.fetch import Fetched, fetch, read
from connector.flow.order.terms import Terms, terms_of
from connector.flow.outbound.clients import Upstreams
from connector.flow.payment import receipt
from connector.flow.pipeline import failure, uncertain
from connector.models import Division, OrderSync

log = structlog.get_logger(__name__)

# A lane is drained this long, then hands itself back, so that tenants take turns.
LANE_SECONDS = 30.0


@dataclass(slots=True)
class Lane:
    """A division in our hands: its lease, its clients, and what its connections say."""

    division: Division
    lease: leases.Lease
    upstreams: Upstreams
    terms: dict[int, Terms]

    def renew(self) -> None:
        """Keep the lane for another while. Raises LeaseLost when it is in other hands."""
        leases.renew(self.lease)

    def terms_for(self, document: OrderSync) -> Terms:
        """Return its connection's terms for a document; they are loaded once a turn of the lane."""
        connection = document.connection
        if connection.pk not in self.terms:
            self.terms[connection.pk] = terms_of(connection)
        return self.terms[connection.pk].of_form(exact_document.form_of(document))


def drain_lane(division_id: int, *, seconds: float = LANE_SECONDS, ignore_schedule: bool = False) -> int:
    """Do the due work of one lane for a bounded time; returns how many documents were worked on.

    Returns 0 at once when another worker holds the lane.
    """
    Division.objects.filter(pk=division_id).update(woken_at=None)  # whoever rings from here on is heard again
    lease = leases.acquire(Division, division_id)
    if lease is None:
        return 0
    division = Division.objects.select_related("grant__tenant").get(pk=division_id)
    try:
        count = _drain(Lane(division, lease, Upstreams(division, lease), {}), seconds, ignore_schedule)
    except leases.LeaseLost as lost:
        log.warning("lane_lost", division=division.code, text=str(lost))
        return 0
    finally:
        leases.release(lease)
    # What came while we were busy rang in vain: it could not get the lease.
    if due.has_work(division_id, database_now()):
        wakeup.wake([division_id])
    return count


def _drain(lane: Lane, seconds: float, ignore_schedule: bool) -> int:
    until = time.monotonic() + seconds
    failure.recover(lane.division.pk)
    count = 0
    while time.monotonic() < until:
        leases.renew(lane.lease)
        intake.take_in(lane.division.pk)
        now = database_now()
        document = due.next_due(lane.division.pk, now, ignore_schedule=ignore_schedule)
        if document is None:
            _read_numbers(lane)
            break
        _work(lane, document)
        count += 1
    return count


def _read_numbers(lane: Lane) -> None:
    """With nothing else to do; a failure costs nothing but the wait for the next time."""
    try:
        numbers.read_numbers(lane.division, lane.upstreams.exact)
    except ClientError as error:
        log.warning("numbers_not_read", division=lane.division.code, error=type(error).__name__)


def _work(lane: Lane, document: OrderSync) -> None:
    """Work on one document; whatever goes wrong ends in a state that says what comes next."""
    lane.upstreams.document = document
    try:
        match State(document.state):
            case State.PENDING | State.WAITING:
                _claim(lane, document)
                _post(lane, document)
            case State.UNCERTAIN:
                uncertain.resolve(document, lane.upstreams.exact, lane.lease.token)
            case State.POSTED if document.kind == DocumentKind.RECEIPT:
                transitions.note(document, "A delivery came; the receipt stays as it is.", recheck_at=None)
            case _:
                store = lane.upstreams.store(document.connection.store)
                recheck.look_again(document, lambda: _fetch(lane, document), lambda: store.refunds(document.order_id))
                due_receipts.look_again(document)
    except leases.LeaseLost:
        raise
    except Hold as cause:
        failure.hold(document, cause)
    except ClientError as error:
        # The vendor's own text may name the customer: it stands in the history, not in the log.
        log.warning("document_failed", document=document.pk, error=type(error).__name__, endpoint=error.endpoint)
        failure.apply(lane.upstreams, document, error)
    except Exception as error:  # a fault of ours: the document gets its next step, and the lane goes on
        log.exception("unexpected", document=document.pk, state=document.state)
        failure.apply(lane.upstreams, document, error)
    finally:
        lane.upstreams.document = None


def _claim(lane: Lane, document: OrderSync) -> None:
    """Take the document in hand; the attempt is counted before the work."""
    failure.refuse_deadly(document)
    # A delivery is forgotten because the order is read anyway; of an approved one it is not, unless one came, nor of
    # one that is in Exact already.
    heard = {} if document.approved_at or document.exact_id else {"recheck_at": None}
    transitions.move(
        document,
        State.PREPARING,
        "Taken in hand.",
        attempts=document.attempts + 1,
        lease_token=lane.lease.token,
        **heard,
    )
    fault_points.reach("claimed")


def _fetch(lane: Lane, document: OrderSync) -> Fetched:
    store = document.connection.store
    fetched = fetch(lane.upstreams.store(store), document.order_id, prices_include_tax=store.prices_include_tax)
    fault_points.reach("fetched")
    return fetched


def _post(lane: Lane, document: OrderSync) -> None:
    """Take a claimed document to posted, or to the state in which it rests."""
    if document.kind == DocumentKind.RECEIPT:
        receipt.post(document, lane.upstreams.store(document.connection.store), lane.upstreams.exact)
        return
    if why := credit_note.must_wait(document):
        failure.wait(document, why)
        return
    if document.exact_id and not document.anew:
        _go_on(lane, document)
        return
    if document.exact_id and not _must_make_another(lane, document):
        return
    if document.sent_at:
        exact_document.let_go(document, lane.upstreams.exact)
    approved = document.approved_at and document.connection.mode != Mode.SHADOW
    prepared = _approved(lane, document) if approved else _prepare(lane, document)
    if prepared is None:
        return
    order, draft = prepared
    leases.renew(lane.lease)
    if document.sent_at and _adopt(lane, document, order, draft):
        return
    post.template_id(document)  # a template that is gone is found before anything is made, and so is
    booking_date.day_for(document, draft)  # a period that is missing or closed
    party = _party(lane, document, order)
    text = f"About to create {document.noun} {draft.reference}, {draft.gross} {draft.currency}."
    _intend(document, Step.CREATE, text, form=draft.form, **after_posting.second_look(order))
    leases.renew(lane.lease)
    invoice = _create(lane, document, order, draft, party)
    leases.renew(lane.lease)
    # The sign of a credit note is Exact's to say: it is read back before it is printed.
    _finish(lane, document, draft, None if document.is_credit else invoice)


def _party(lane: Lane, document: OrderSync, order: Order) -> accounts.Party:
    if document.is_credit:
        return credit_note.party_of(document, lane.upstreams.exact)
    return accounts.party_for(document.connection, order, lane.upstreams.exact, delivered=not document.is_entry)


def _finish(lane: Lane, document: OrderSync, draft: Draft, invoice: Invoice | None = None) -> None:
    post.finish(document, draft, lane.upstreams.exact, invoice, renew=lane.renew)
    credit_note.wake_waiting(document)


def _must_make_another(lane: Lane, document: OrderSync) -> bool:
    """A person sent it through again with its invoice in Exact: go on with that one while it is what is wanted.

    True when it is gone and another is to be made now.
    """
    exact = lane.upstreams.exact
    invoice = replace.standing(document, exact)
    if invoice is None:
        post.refuse_hasty(document)
        replace.forget(document)
        return True
    outcome = _anew(lane, document)
    leases.renew(lane.lease)
    if lacks_rate(outcome, document.connection.division.currency, invoice) and not invoice.is_final:
        replace.delete(document, invoice, exact, "it was made when Exact had no exchange rate")
    elif document.draft is not None and outcome.becomes_the_same_as(post.draft_of(document)):
        transitions.note(document, "Read again: the one in Exact is still what is wanted.", anew=False)
        _go_on(lane, document)
    else:
        replace.delete(document, invoice, exact)
    return False


def _anew(lane: Lane, document: OrderSync) -> Draft:
    """What is wanted now of a document that is in Exact. Raises Hold when nothing is, or when it cannot be told."""
    terms = lane.terms_for(document)
    if document.is_credit:
        return credit_note.drafted(document, terms.settings)[1]
    fetched = _fetch(lane, document)
    if reason := terms.skip_reason(fetched.order, database_now()):
        raise replace.no_longer_due(document, SKIPPED_TEXTS[reason].format(order=fetched.order))
    _, outcome = _translate(lane, document, fetched)
    if not isinstance(outcome, Draft):
        raise Hold(*details.told(outcome))
    return outcome


def _adopt(lane: Lane, document: OrderSync, order: Order, draft: Draft) -> bool:
    """Something was sent before: look by our reference before anything is sent again, and go on with what is there."""
    invoice = post.resolve(document, lane.upstreams.exact)
    if invoice is None:
        return False
    text = f"Found in Exact as {document.noun} {invoice.number or invoice.id}."
    transitions.note(document, text, exact_id=invoice.id, exact_number=invoice.number)
    _intend(document, Step.PRINT, "Going on with it.", **after_posting.second_look(order))
    _finish(lane, document, draft, invoice)
    return True


def _approved(lane: Lane, document: OrderSync) -> tuple[Order, Draft] | None:
    """What was approved is what is posted; when the order changed since, it is translated anew."""
    document.refresh_from_db(fields=["recheck_at"])
    if document.recheck_at:
        if recheck.has_changed(document, _fetch(lane, document)):
            text = "The order changed after it was approved; it is translated anew."
            transitions.note(document, text, approved_at=None, recheck_at=None)
            return _prepare(lane, document)
        transitions.note(document, "Read again: nothing changed since it was approved.", recheck_at=None)
    return read(document.order_data or {}).order, post.draft_of(document)


def _create(lane: Lane, document: OrderSync, order: Order, draft: Draft, party: accounts.Party) -> Invoice:
    try:
        return post.create(
            document, draft, lane.upstreams.exact, account_id=party.account_id, address_id=party.address_id
        )
    except Rejected as refusal:
        if not document.is_credit:
            accounts.doubt(document.connection, order, refusal)
        raise


def _go_on(lane: Lane, document: OrderSync) -> None:
    """The invoice is in Exact already: read it and do what is left."""
    _intend(document, Step.PRINT, f"Going on with {document.noun} {document.exact_number or document.exact_id}.")
    leases.renew(lane.lease)
    _finish(lane, document, post.draft_of(document))


def _prepare(lane: Lane, document: OrderSync) -> tuple[Order, Draft] | None:
    """Fetch and translate. None when no document is due now; raises Hold with every problem at once."""
    terms = lane.terms_for(document)
    if document.is_credit:
        if text := credit_note.nothing_left(document):
            transitions.move(document, State.SKIPPED, text, reason=SkipReason.ZERO)
            return None
        return _unless_shown_only(document, *credit_note.prepare(document, terms.settings))
    fetched = _fetch(lane, document)
    if reason := terms.skip_reason(fetched.order, database_now()):
        text = SKIPPED_TEXTS[reason].format(order=fetched.order)
        transitions.move(document, State.SKIPPED, text, reason=reason, **_facts(fetched))
        return None
    post.refuse_second(document)
    fetched, outcome = _translate(lane, document, fetched)
    if not isinstance(outcome, Draft):
        form = terms.settings.document
        transitions.note(
            document, "Read, with problems.", rules=terms.version, form=form, draft=None, **_facts(fetched)
        )
        raise Hold(*details.told(outcome))
    to_settle = due_receipts.to_settle(document.connection, fetched.order)
    by_hand = f" To settle by hand: {due_receipts.settling(to_settle, outcome.currency)}." if to_settle else ""
    transitions.note(
        document,
        f"Read and translated into {len(outcome.lines)} lines, {outcome.gross} {outcome.currency}.{by_hand}",
        draft=outcome.to_json(),
        reference=outcome.reference,
        form=terms.settings.document,
        rules=terms.version,
        to_settle=to_settle,
        **_facts(fetched),
    )
    return _unless_shown_only(document, fetched.order, outcome)


def _translate(lane: Lane, document: OrderSync, fetched: Fetched) -> tuple[Fetched, Draft | Held | Needs]:
    """Translate, reading what the rules turn out to need of the order."""
    client = lane.upstreams.store(document.connection.store)
    terms = lane.terms_for(document)
    fetched, outcome = details.translate(terms, fetched, client, lambda: leases.renew(lane.lease))
    return fetched, numbered(outcome, document.sequence) if isinstance(outcome, Draft) else outcome


def _unless_shown_only(document: OrderSync, order: Order, draft: Draft) -> tuple[Order, Draft] | None:
    if document.connection.mode == Mode.SHADOW:
        transitions.move(document, State.SKIPPED, "Shadow mode: shown, not posted.", reason=SkipReason.SHADOW)
        return None
    if document.connection.mode == Mode.APPROVAL:
        transitions.move(document, State.AWAITING_APPROVAL, "Waits for a person's approval.")
        return None
    return order, draft


def _facts(fetched: Fetched) -> dict[str, Any]:
    """Return what the ledger keeps of an order, besides the order itself."""
    order = fetched.order
    return {
        "order_data": fetched.raw,
        "total": order.total_inc,
        "currency": order.currency,
        "customer": (order.billing.company or order.billing.name)[:200],
        "email": order.billing.email[:254],
        "fingerprint": fingerprint(order),
        "payment_status": fetched.payment_status,
        "changed": False,
    }


def _intend(document: OrderSync, step: Step, text: str, **facts: Any) -> None:
    """Commit what is about to be written, before it is written."""
    transitions.move(document, State.POSTING, text, step=step, sent_at=database_now(), absent_looks=0, **facts)
    fault_points.reach("intended")


SKIPPED_TEXTS = {
    SkipReason.STATUS: "Status {order.status} of the order is not one that this connection posts.",
    SkipReason.BEFORE_START: "The order was placed before this connection's start date; backfill posts it.",
    SkipReason.MIGRATED: "The order was migrated from another shop system.",
    SkipReason.TEST: "A test order; the connection does not post those.",
    SkipReason.ZERO: "The order's total is zero.",
    SkipReason.DELETED: "The order is archived in BigCommerce.",
}
