"""What one page of a run brings. It is stored in one transaction with the cursor, so that a page counts once.

A process that is killed in a page loses that page, and the next one reads it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db import transaction

from connector.domain.document.reconcile import Bucket, Finding
from connector.domain.document.sums import Totals
from connector.flow import leases
from connector.models import Discrepancy, OrderSync, ReconciliationRun, RunDocument

Tell = Callable[[str], None]
LONGEST = 400


@dataclass(slots=True)
class Notes:
    """The figures of a run so far, and what the present page adds."""

    run: ReconciliationRun
    lease: leases.Lease
    store: Totals
    exact: Totals
    counts: dict[str, int]
    buckets: dict[str, dict[str, int]]
    modified: str
    found: list[Discrepancy] = field(default_factory=list)
    expected: list[int] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, run: ReconciliationRun, lease: leases.Lease) -> Self:
        """Take the notes up where the run left them."""
        figures = run.figures or {}
        return cls(
            run,
            lease,
            Totals.from_json(figures.get("store", {})),
            Totals.from_json(figures.get("exact", {})),
            {name: int(figures.get(name, 0)) for name in ("orders", "refunds", "documents")},
            {name: dict(reasons) for name, reasons in figures.get("buckets", {}).items()},
            str(figures.get("modified", "")),
        )

    def figures(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            **self.counts,
            "buckets": self.buckets,
            "modified": self.modified,
            "store": self.store.to_json(),
            "exact": self.exact.to_json(),
        }

    def put(self, bucket: Bucket, reason: str = "") -> None:
        """Count an order or a refund in its bucket."""
        reasons = self.buckets.setdefault(bucket.value, {})
        reasons[reason] = reasons.get(reason, 0) + 1

    def differs(
        self,
        finding: Finding,
        *,
        order_id: int,
        reference: str,
        document: OrderSync | None = None,
        exact_id: str = "",
        exact_number: str = "",
        amount: Decimal | None = None,
        currency: str = "",
    ) -> None:
        """Note a difference."""
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
            rows = [RunDocument(run=run, document_id=each) for each in dict.fromkeys(self.expected)]
            RunDocument.objects.bulk_create(rows, ignore_conflicts=True)
            if self.seen:
                RunDocument.objects.filter(run=run, document_id__in=self.seen).update(seen=True)
        run.cursor = cursor
        self.found, self.expected, self.seen = [], [], []

    def progress(self) -> str:
        """Return what a person sees of the run: where it is, and how much it has read."""
        return " ".join(
            (str(self.run.cursor.get("phase", "")), *(f"{name}={number}" for name, number in self.counts.items()))
        )
