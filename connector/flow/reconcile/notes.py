"""What one page of a run brings. It is stored in one transaction with the cursor, so that a page counts once.

A process that is killed in a page loses that page, and the next one reads it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import transaction

from connector.domain.document import chain
from connector.domain.document.balance import are_same, unexplained
from connector.domain.document.reconcile import Bucket, Finding
from connector.domain.document.sums import Entry, Totals
from connector.domain.timing.days import Days
from connector.flow import leases
from connector.flow.reconcile.ledger import Facts
from connector.models import Discrepancy, OrderSync, ReconciliationRun, RunDocument

Tell = Callable[[str], None]
LONGEST = 400


@dataclass(slots=True)
class Notes:
    """The figures of a run so far, and what the present page adds.

    `explained` is what Exact's side has more than the store's, by the differences that were noted. `expected` has the
    facts of documents by their id, `elsewhere` the ids of those that were compared though their order is of other days.
    `newest` is the newest change that was read, `modified` until when changes were watched for, both by Exact's clock.
    `refused`: forms that Exact did not list, and that the connection never used. `by_reference`: so much was changed in
    the division that changes were watched for by our reference alone.
    """

    run: ReconciliationRun
    lease: leases.Lease
    store: Totals
    exact: Totals
    explained: Totals
    counts: dict[str, int]
    buckets: dict[str, dict[str, int]]
    newest: str
    modified: str
    refused: list[str]
    by_reference: bool
    found: list[Discrepancy] = field(default_factory=list)
    expected: dict[int, Facts] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, run: ReconciliationRun, lease: leases.Lease) -> Self:
        """Take the notes up where the run left them."""
        figures = run.figures or {}
        return cls(
            run,
            lease,
            Totals.from_json(figures.get("store", {})),
            Totals.from_json(figures.get("exact", {})),
            Totals.from_json(figures.get("explained", {})),
            {name: int(figures.get(name, 0)) for name in ("orders", "refunds", "documents")},
            {name: dict(reasons) for name, reasons in figures.get("buckets", {}).items()},
            str(figures.get("newest", "")),
            str(figures.get("modified", "")),
            list(figures.get("refused", [])),
            bool(figures.get("by_reference")),
        )

    def figures(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            **self.counts,
            "buckets": self.buckets,
            "newest": self.newest,
            "modified": self.modified,
            "refused": self.refused,
            **({"by_reference": True} if self.by_reference else {}),
            "store": self.store.to_json(),
            "exact": self.exact.to_json(),
            "explained": self.explained.to_json(),
        }

    def put(self, bucket: Bucket, reason: str = "") -> None:
        """Count an order or a refund in its bucket."""
        reasons = self.buckets.setdefault(bucket.value, {})
        reasons[reason] = reasons.get(reason, 0) + 1

    def explain(self, ours: Sequence[Entry], theirs: Sequence[Entry], *, noted: bool) -> None:
        """Add up what documents come to in Exact more than here: when that is noted, or when it is nothing."""
        if noted or are_same(ours, theirs):
            for each in (*theirs, *(-each for each in ours)):
                self.explained.add(each)

    def differs(
        self,
        finding: Finding,
        *,
        order_id: int,
        reference: str,
        day: date | None,
        document: OrderSync | None = None,
        exact_id: str = "",
        exact_number: str = "",
        amount: Decimal | None = None,
        currency: str = "",
    ) -> None:
        """Note a difference. `day` is the business day that it is about; None when that is the whole period.

        Two that differ in their figures are two, also when they are about the same document.
        """
        self.found.append(
            Discrepancy(
                run=self.run,
                kind=finding.kind,
                order_id=order_id,
                reference=reference[:60],
                document=document,
                exact_id=exact_id[:40],
                exact_number=exact_number[:40],
                expected=finding.expected[:LONGEST],
                found=finding.found[:LONGEST],
                figures=chain.digest([finding.expected, finding.found]),
                day=day,
                amount=amount,
                currency=currency[:3],
                remedy=finding.remedy,
            )
        )

    def save(self, cursor: dict[str, Any]) -> None:
        """Store the page. Raises LeaseLost when another process goes on with the run."""
        run = self.run
        with transaction.atomic():
            changes = {"cursor": cursor, "figures": self.figures(), "lease_until": leases.end_in()}
            changes |= {"calls_store": run.calls_store, "calls_exact": run.calls_exact}
            if not leases.held(self.lease).update(**changes):
                raise leases.lost(self.lease)
            Discrepancy.objects.bulk_create(self.found, ignore_conflicts=True)
            rows = [*map(self._row, self.expected, self.expected.values())]
            rows += [RunDocument(run=run, document_id=pk, seen=True) for pk in self.elsewhere]
            RunDocument.objects.bulk_create(rows, ignore_conflicts=True)
            if self.seen:
                RunDocument.objects.filter(run=run, document_id__in=self.seen).update(seen=True)
        run.cursor = cursor
        self.found, self.expected, self.seen, self.elsewhere = [], {}, [], []

    def _row(self, document: int, facts: Facts) -> RunDocument:
        zone = Days(self.run.first, self.run.last, self.run.zone)
        day = zone.day_of(facts.placed) if facts.placed else None
        return RunDocument(
            run=self.run, document_id=document, country=facts.country[:2], method=facts.method[:100], day=day
        )

    def close(self) -> None:
        """Store a difference for each currency whose totals are not equal for any reason that was noted."""
        for currency, finding in unexplained(self.store, self.exact, self.explained):
            self.differs(finding, order_id=0, reference=currency, day=None, currency=currency)
        Discrepancy.objects.bulk_create(self.found, ignore_conflicts=True)
        self.found = []

    def progress(self) -> str:
        """Return what a person sees of the run: where it is, and how much it has read."""
        return " ".join(
            (str(self.run.cursor.get("phase", "")), *(f"{name}={number}" for name, number in self.counts.items()))
        )
