"""The store's side of a run: every order and refund of the period in exactly one bucket, page by page."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.bigcommerce.period import MadeRefund, OrdersPage, PlacedOrder, orders_page, refunds_page
from connector.clients.rows import OddRow
from connector.domain.choices import EditPolicy, Policy, PostingSettings
from connector.domain.document.codes import Code
from connector.domain.document.reconcile import (
    BUCKET_OF,
    Bucket,
    Finding,
    Kind,
    Remedy,
    Side,
    missing,
    money,
)
from connector.domain.document.states import SkipReason, State
from connector.domain.document.sums import TOLERANCE, Entry
from connector.domain.money import ZERO, total
from connector.domain.rules.due import why_not_due
from connector.domain.timing.days import Days
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.flow.reconcile import ledger
from connector.flow.reconcile.archived import Archived
from connector.flow.reconcile.changed import by_store, credited, is_active_again, is_left, refund_moved, vat_moved
from connector.flow.reconcile.ledger import Facts, OfOrder
from connector.flow.reconcile.notes import Notes
from connector.models import Connection, OrderSync

T = TypeVar("T")
# Orders that were cancelled or declined after the sale.
UNDONE = frozenset({5, 6})


class StoreSide:
    """Reads one page at a time into the notes."""

    def __init__(
        self,
        connection: Connection,
        settings: PostingSettings,
        days: Days,
        notes: Notes,
        client: BigCommerceClient,
        *,
        now: datetime,
        tell: Tell,
        patience: int,
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.days = days
        self.notes = notes
        self.client = client
        self.now = now
        self._tell, self._patience = tell, patience
        self._elsewhere: set[int] = set()
        self._moved = ledger.moved_since(connection)
        self._missing: Mapping[int, str] = {}
        self._archived = Archived(days, client, self._ask)

    def orders(self, after: int) -> int | None:
        """Read the orders with ids above `after`; returns after which to go on, None at the end.

        Raises ClientError.
        """
        ask = partial(orders_page, self.client, self.days.since, self.days.until, after, self._odd)
        page: OrdersPage = self._ask(ask)
        known = ledger.of_orders(self.connection.pk, [order.id for order in page.orders])
        self._elsewhere = self._of_others({order.id for order in page.orders} - known.keys())
        for order in page.orders:
            self.notes.counts["orders"] += 1
            self._order(order, known.get(order.id) or OfOrder([], None, [], {}))
        return page.last

    def refunds(self, number: int) -> bool:
        """Read a page of the refunds; returns whether more follow. Raises ClientError."""
        ask = partial(refunds_page, self.client, self.days.since, self.days.until, number, self._odd_refund)
        found, more = self._ask(ask)
        known = ledger.of_orders(self.connection.pk, {refund.order_id for refund in found})
        self._missing = ledger.missing_orders(self.notes.run, {refund.order_id for refund in found} - known.keys())
        for refund in found:
            self.notes.counts["refunds"] += 1
            self._refund(refund, known.get(refund.order_id) or OfOrder([], None, [], {}))
        return more

    def left_out(self, order_id: int) -> Facts | None:
        """Return the facts of an order that the list left out because it is archived, None when the store has none.

        Raises ClientError.
        """
        return self._archived.facts(order_id)

    def unlisted(self) -> None:
        """Place the archived orders of the period that are not finished. Call it after the last page of orders.

        Those that have a document are found with it. Raises ClientError.
        """
        noted = {each.document_id for each in self.notes.found}
        rows = (row for row in ledger.not_finished(self.notes.run).iterator(chunk_size=500) if row.pk not in noted)
        ids = {row.order_id for row in rows if self._is_archived(row)}
        for order_id, known in sorted(ledger.of_orders(self.connection.pk, ids).items() if ids else ()):
            order = self._archived.order(order_id, self._odd)
            if order is not None and order.created in self.days:
                self.notes.counts["orders"] += 1
                self._order(order, known)

    def _is_archived(self, row: OrderSync) -> bool:
        """Whether an order that the list left out may be an archived one of the period. Of a held one that was never
        read the ledger has no day."""
        placed = ledger.facts_of(row).placed
        if placed is None:
            return row.state == State.BLOCKED and self._archived.listed(row.order_id) is not None
        return placed in self.days

    def _ask(self, read: Callable[[], T]) -> T:
        answer = within_budget(read, self._tell, self._patience)
        self.notes.run.calls_store += 1
        return answer

    def _odd(self, row: OddRow) -> None:
        """An order that cannot be read is missing until it can: its row is named."""
        finding = Finding(Kind.MISSING_DOCUMENT, str(row), "", Remedy.TAKE_IN)
        self.notes.differs(finding, order_id=int(row.name) if row.name.isdigit() else 0, reference=row.name, day=None)

    def _odd_refund(self, row: OddRow) -> None:
        """A refund that cannot be read does not say its order: a person looks into the store."""
        finding = Finding(Kind.MISSING_DOCUMENT, str(replace(row, what="refund")), "", Remedy.EXPLAIN)
        self.notes.differs(finding, order_id=0, reference=row.name, day=None)

    # Orders

    def _order(self, order: PlacedOrder, known: OfOrder) -> None:
        bucket, reason = self._place(order, known)
        self.notes.put(bucket, reason)
        facts = Facts(order.created, order.total_inc, order.country, order.payment_method)
        self._expect(known.of_the_sale, facts)
        noted = len(self.notes.found)
        sold = [] if bucket is Bucket.SKIPPED else [self._sold(order, known, bucket, facts)]
        for each in sold:
            self.notes.store.add(each)
        self._explain(sold, known.of_the_sale, facts, noted=len(self.notes.found) > noted)

    def _explain(self, sold: list[Entry], documents: Iterable[OrderSync], facts: Facts, *, noted: bool) -> None:
        """Add up what these documents come to in the ledger more than in the store. Unknown VAT is not compared."""
        sides = [ledger.side_of(row) for row in ledger.due_in_exact(documents)]
        in_books = [ledger.entry(each, None, facts) for each in sides]
        self.notes.explain(sold, in_books, noted=noted or any(each.vat is None for each in sides))

    def _of_others(self, order_ids: Collection[int]) -> set[int]:
        """Return those of these orders that another connection of the store has, as after a move to a new division."""
        if not order_ids:
            return set()
        rows = OrderSync.objects.filter(connection__store=self.connection.store_id, order_id__in=order_ids)
        return set(rows.exclude(connection=self.connection.pk).values_list("order_id", flat=True))

    def _expect(self, found: Iterable[OrderSync], facts: Facts) -> None:
        self.notes.expected |= {row.pk: facts for row in found if row.exact_id}

    def _sold(self, order: PlacedOrder, known: OfOrder, bucket: Bucket, facts: Facts) -> Entry:
        """Return what the books should have of an order. What differs in the store is noted."""
        last = known.last
        if last is not None and last.state == State.POSTED:
            value = self._posted(order, last, known)
        else:
            value = order.total_inc - ledger.redeemed(last)
            self._not_posted(order, last, bucket, value)
        documents = [row for row in known.of_the_sale if row.state != State.SKIPPED]
        ours = ledger.together(ledger.side_of(row) for row in documents if row.state == State.POSTED)
        side = Side(currency=order.currency, gross=value, vat=order.total_tax if value else ZERO)
        if ours.vat is not None and abs((ours.gross or ZERO) - value) < TOLERANCE:
            moved = vat_moved(order, known)
            side = replace(side, vat=ours.vat + moved, codes={} if moved else ours.codes)
        return ledger.entry(side, self.days.day_of(order.created), facts, count=max(1, len(documents)))

    def _place(self, order: PlacedOrder, known: OfOrder) -> tuple[Bucket, str]:
        """Where an order is, and why it is skipped."""
        last = known.last
        why = why_not_due(order, self.settings, self.now)
        if last is None and (order.id in self._elsewhere or self._is_of_the_next(order)):
            return Bucket.SKIPPED, "other_connection"
        if last is None:
            return (Bucket.SKIPPED, why.code.value) if why else (Bucket.MISSING, "")
        if last.state == State.SKIPPED:
            came_due = last.reason == SkipReason.STATUS and why is None
            return (Bucket.MISSING, "") if came_due else (Bucket.SKIPPED, last.reason)
        cancellation = known.cancelled
        if last.state != State.POSTED or cancellation is None:
            return BUCKET_OF[State(last.state)], last.reason
        if is_active_again(order, last, cancellation):
            return Bucket.MISSING, ""
        return credited(cancellation)

    def _is_of_the_next(self, order: PlacedOrder) -> bool:
        """Whether the store posts such an order with another connection since: there it is missing."""
        return self._moved is not None and self.days.day_of(order.created) >= self._moved

    def _not_posted(self, order: PlacedOrder, last: OrderSync | None, bucket: Bucket, value: Decimal) -> None:
        """Note an order without a finished document, once: where it is says what puts it right."""
        if last is not None and last.exact_id:
            remedy = Remedy.WAIT if bucket is Bucket.WAITING else Remedy.RE_POST
            finding = Finding(Kind.STATE, last.state, last.exact_number or last.exact_id, remedy)
        else:
            finding = Finding(Kind.MISSING_DOCUMENT, money(value, order.currency), "", missing(bucket))
        self.notes.differs(
            finding,
            order_id=order.id,
            reference=self._reference(order.id),
            day=self.days.day_of(order.created),
            document=last,
            exact_id=last.exact_id if last else "",
            amount=value,
            currency=order.currency,
        )

    def _posted(self, order: PlacedOrder, last: OrderSync, known: OfOrder) -> Decimal:
        """What the books should have of a posted order. What the store changed since is noted."""
        invoiced = ledger.facts_of(last).total
        value = order.total_inc - ledger.redeemed(last)
        if invoiced is not None and abs(invoiced - order.total_inc) >= TOLERANCE:
            value = invoiced - ledger.redeemed(last)
            if not is_left(last, total=order.total_inc):
                self._changed(order, last, Kind.AMOUNT, order.total_inc, value)
                value = order.total_inc - ledger.redeemed(last)
        if moved := vat_moved(order, known):
            self._changed(order, last, Kind.VAT, order.total_tax, order.total_tax - moved)
        if known.cancelled is not None and is_active_again(order, last, known.cancelled):
            self._active_again(order, last, value)
            return value
        if known.cancelled is not None and known.cancelled.state == State.POSTED:
            return value + (known.cancelled.total or ZERO)
        if known.cancelled is not None or (order.status_id in UNDONE and not is_left(last, status=order.status_id)):
            value -= self._undone(order, last, known)
        return value

    def _active_again(self, order: PlacedOrder, last: OrderSync, value: Decimal) -> None:
        """Note an order that was cancelled and credited, and is active again: a person decides whether it is posted."""
        self.notes.differs(
            Finding(Kind.MISSING_DOCUMENT, money(value, order.currency), "", by_store(last)),
            order_id=order.id,
            reference=self._reference(order.id),
            day=self.days.day_of(order.created),
            document=last,
            amount=value,
            currency=order.currency,
        )

    def _undone(self, order: PlacedOrder, last: OrderSync, known: OfOrder) -> Decimal:
        """What should have been credited of an order that was cancelled, and was not: its credit note is noted."""
        given = total(row.total or ZERO for row in [*known.edits, *known.refunds.values()])
        rest = total(row.total or ZERO for row in known.invoices) + given
        note = known.cancelled
        if note is None and (self.connection.cancellations == Policy.IGNORE or rest < TOLERANCE):
            return ZERO
        remedy = missing(credited(note)[0]) if note else by_store(last)
        self.notes.differs(
            Finding(Kind.MISSING_DOCUMENT, money(-rest, order.currency), "", remedy),
            order_id=order.id,
            reference=f"{self._reference(order.id)}-C0",
            day=self.days.day_of(order.created),
            document=note or last,
            amount=-rest,
            currency=order.currency,
        )
        return rest

    def _changed(self, order: PlacedOrder, last: OrderSync, kind: Kind, now: Decimal, invoiced: Decimal) -> None:
        """Note what the store changed. It is about the order, so it has no id of Exact."""
        remedy = Remedy.WAIT if self._waits(order, last) else by_store(last)
        self.notes.differs(
            Finding(kind, money(now, order.currency), money(invoiced, order.currency), remedy),
            order_id=order.id,
            reference=self._reference(order.id),
            day=self.days.day_of(order.created),
            document=last,
            exact_number=last.exact_number,
            amount=order.total_inc,
            currency=order.currency,
        )

    def _waits(self, order: PlacedOrder, last: OrderSync) -> bool:
        """Whether an edit was read that is credited and posted again when the order has a status that is posted."""
        if self.connection.edits != EditPolicy.CREDIT_AND_REPOST or last.change_pending:
            return False
        why = why_not_due(order, self.settings, self.now)
        unseen = bool(last.reviewed) and last.reviewed_total is None
        return unseen and why is not None and why.code is Code.STATUS_NOT_POSTED

    # Refunds

    def _refund(self, refund: MadeRefund, known: OfOrder) -> None:
        row, last = known.refunds.get(refund.id), known.last
        bucket, reason = self._place_refund(refund, known, row)
        self.notes.put(bucket, reason)
        of, rows = row or last, [row] if row is not None else []
        facts = ledger.facts_of(of) if of is not None else Facts(None, None, "", "")
        self._expect(rows, replace(facts, placed=refund.created))
        if bucket is Bucket.SKIPPED:
            return
        if bucket is not Bucket.CREDITED:
            self._not_credited(refund, known, bucket)
        if row is None and known.cancelled is not None:
            return  # the credit note of the cancellation has its money
        changed = row is not None and row.state == State.POSTED and self._has_changed(refund, row)
        given = self._given(refund, of, None if changed else row, facts)
        self.notes.store.add(given)
        self._explain([given], rows, facts, noted=changed or bucket is not Bucket.CREDITED)

    def _has_changed(self, refund: MadeRefund, row: OrderSync) -> bool:
        """Note a refund that has another total, or other VAT at the same total, than the one that was credited."""
        total_moved, moved = refund_moved(refund, row)
        if not total_moved and not moved:
            return False
        kind, now = (Kind.AMOUNT, -refund.total) if total_moved else (Kind.VAT, -(refund.tax or ZERO))
        booked = row.total if total_moved else now + moved
        self.notes.differs(
            Finding(kind, money(now, row.currency), money(booked, row.currency), Remedy.CORRECT),
            order_id=refund.order_id,
            reference=row.reference,
            day=self.days.day_of(refund.created) if refund.created else None,
            document=row,
            exact_number=row.exact_number,
            amount=-refund.total,
            currency=row.currency,
        )
        return True

    def _currency(self, refund: MadeRefund, of: OrderSync | None) -> str:
        """A refund has no currency of its own: it has that of its order."""
        return of.currency if of is not None else self._missing.get(refund.order_id, "")

    def _not_credited(self, refund: MadeRefund, known: OfOrder, bucket: Bucket) -> None:
        """Note a refund without a finished credit note: where it is says what puts it right."""
        row, last = known.refunds.get(refund.id), known.last
        currency = self._currency(refund, last)
        undecided = bucket is Bucket.MISSING and last is not None and (last.change_pending or last.draft is None)
        remedy = missing(bucket, undecided=undecided)
        self.notes.differs(
            Finding(Kind.MISSING_DOCUMENT, money(-refund.total, currency), "", remedy),
            order_id=refund.order_id,
            reference=f"{self._reference(refund.order_id)}-C{refund.id}",
            day=self.days.day_of(refund.created) if refund.created else None,
            document=row or known.cancelled or last,
            amount=-refund.total,
            currency=currency,
        )

    def _place_refund(self, refund: MadeRefund, known: OfOrder, row: OrderSync | None) -> tuple[Bucket, str]:
        last = known.last
        if refund.declined or not refund.total:
            return Bucket.SKIPPED, "declined" if refund.declined else "zero"
        if row is not None:
            return credited(row)
        ignored = self.connection.refunds == Policy.IGNORE
        if last is None and refund.order_id in self._missing and not ignored:
            return Bucket.MISSING, "order"
        if last is None or last.state != State.POSTED:  # there is no invoice to credit
            return (Bucket.SKIPPED if last is None else BUCKET_OF[State(last.state)]), "order"
        if known.cancelled is not None:
            return credited(known.cancelled)[0], "cancellation"
        return (Bucket.SKIPPED, "policy") if ignored else (Bucket.MISSING, "")

    def _given(self, refund: MadeRefund, of: OrderSync | None, row: OrderSync | None, facts: Facts) -> Entry:
        """Return what the books should have of a refund."""
        side = Side(currency=self._currency(refund, of), gross=-refund.total, vat=-(refund.tax or ZERO))
        if row is not None and row.draft and row.total is not None:
            ours = ledger.side_of(row)
            side = replace(side, gross=row.total, vat=ours.vat, codes=ours.codes)
        return ledger.entry(side, self.days.day_of(refund.created) if refund.created else None, facts)

    def _reference(self, order_id: int) -> str:
        return f"{self.connection.store.prefix}-{order_id}"
