"""Documents in Exact that bear our reference and that the ledger does not know: copies, orphans, and unlinked ones."""

from collections.abc import Sequence

from connector.clients.exact.period import Booked
from connector.domain.document.reconcile import Finding, Kind, Remedy, Side, money
from connector.domain.document.states import State
from connector.domain.timing.days import Days
from connector.flow.reconcile import ledger
from connector.flow.reconcile.ledger import Facts
from connector.flow.reconcile.notes import Notes
from connector.models import Connection, OrderSync


class Unknown:
    """Notes each unknown document, and adds it to what Exact's side comes to."""

    def __init__(self, connection: Connection, days: Days, notes: Notes) -> None:
        self.connection = connection
        self.days = days
        self.notes = notes

    def take(self, found: Sequence[tuple[Booked, Side]], days: Days | None = None) -> None:
        """Note these documents. The ledger is asked with one query.

        With `days`, one without a date is left out when its order is known to be of other days.
        """
        if not found:
            return
        orders = {booked.id: self._order_of(booked.your_ref) for booked, _side in found}
        rows = ledger.documents(connection_id=self.connection.pk, order_id__in=set(orders.values()))
        of_order: dict[int, list[OrderSync]] = {}
        for row in rows.order_by("sequence"):
            of_order.setdefault(row.order_id, []).append(row)
        for booked, side in found:
            own = of_order.get(orders[booked.id], [])
            facts = ledger.facts_of(own[0]) if own else Facts(None, None, "", "")
            elsewhere = days is not None and bool(own) and not ledger.may_be_of(own[0], days)
            if _is_ours(booked, own) or (booked.dated is None and elsewhere):
                continue
            self.notes.counts["documents"] += 1
            entry = ledger.entry(side, booked.dated, facts)
            self.notes.exact.add(entry)
            self.notes.explain([], [entry], noted=True)
            self._note(booked, side, orders[booked.id], own)

    def _note(self, booked: Booked, side: Side, order_id: int, own: list[OrderSync]) -> None:
        same = [row for row in own if row.reference.casefold() == booked.your_ref.casefold()]
        posted = [row for row in same or own if row.state == State.POSTED]
        in_exact = money(side.gross, side.currency)
        if posted:
            document: OrderSync | None = posted[0]
            assert document is not None
            original = money(document.total, document.currency)
            finding = Finding(Kind.DUPLICATE, original, in_exact, Remedy.REMOVE_COPY)
        elif own:
            document = (same or own)[0]
            finding = Finding(Kind.STATE, document.state, in_exact, Remedy.LINK)
        else:
            document, finding = None, Finding(Kind.MISSING_ORDER, "", in_exact, Remedy.EXPLAIN)
        self.notes.differs(
            finding,
            order_id=order_id,
            reference=booked.your_ref,
            day=booked.dated or (ledger.day_of(own[0], self.days) if own else None),
            document=document,
            exact_id=booked.id,
            exact_number=booked.number,
            amount=side.gross,
            currency=side.currency,
        )

    def _order_of(self, reference: str) -> int:
        """The order that a reference names: `SHOP-1001-C31` is of order 1001; 0 when it names none."""
        number = reference[len(self.connection.store.prefix) + 1 :].partition("-")[0].strip()
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _is_ours(booked: Booked, own: Sequence[OrderSync]) -> bool:
    """Whether an entry is what Exact itself booked of an invoice of ours that was printed: it has its number."""
    return booked.is_entry and any(not row.is_entry and booked.number == row.exact_number for row in own)
