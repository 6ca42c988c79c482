"""What a run found, as one hash. What people do with its differences later, and what settles them, is no part of it."""

from decimal import Decimal

from connector.domain.document import chain
from connector.models import Discrepancy, ReconciliationRun


def hash_of(run: ReconciliationRun) -> str:
    """Return the SHA-256 of a finished run: its period, its rules, its figures, and each difference as it was found."""
    return chain.digest(
        {
            "division": run.division.code,
            "period": [run.first.isoformat(), run.last.isoformat(), run.zone],
            "rules": run.rules.number if run.rules else 0,
            "complete": run.complete,
            "finished": None if run.finished_at is None else chain.moment(run.finished_at),
            "figures": run.figures,
            "differences": [_found(each) for each in run.discrepancies.order_by("pk").iterator()],
        }
    )


def _found(each: Discrepancy) -> list[str | None]:
    """A difference as it was found. Both its texts are covered by their hash, so that a customer can be forgotten."""
    figures = each.figures or chain.digest([each.expected, each.found])
    day = each.day.isoformat() if each.day else None
    amount = None if each.amount is None else chain.amount(Decimal(each.amount))
    return [each.kind, str(each.order_id), each.reference, each.exact_id, figures, day, amount, each.currency]
