"""Reads invoice numbers. Exact gives a number at printing, and its answer may lack it.

Missing numbers are read later, twenty per call, because reading each one at once would cost every order a third call.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Division, OrderSync
from connector.models.kept_words import english

REST = timedelta(minutes=10)
# A printed invoice that has no number after two days will not get one by waiting.
GIVE_UP = timedelta(days=2)


def without_number(now: datetime) -> QuerySet[OrderSync]:
    """Return the printed documents without a number, except those that are too new or too old to ask for."""
    return OrderSync.objects.filter(
        state=State.POSTED,
        exact_number="",
        kind__in=[DocumentKind.INVOICE, DocumentKind.CREDIT],
        form=DocumentForm.SALES_INVOICE,
        connection__finalize=True,
        connection__store__tenant__suspended=False,
        posted_at__gt=now - GIVE_UP,
        posted_at__lte=now - REST,
    )


def lanes(now: datetime) -> list[int]:
    """Return the free lanes that lack a number and have not asked for it in the last ten minutes."""
    rested = Division.objects.filter(Q(numbers_read_at=None) | Q(numbers_read_at__lte=now - REST))
    missing = without_number(now).filter(division=OuterRef("pk"))
    return list(rested.filter(leases.free(Division, now), Exists(missing)).values_list("pk", flat=True))


def read_numbers(division: Division, client: ExactClient) -> None:
    """Read the oldest missing numbers, at most once in ten minutes per lane. Raises the client's errors."""
    now = database_now()
    if division.numbers_read_at and division.numbers_read_at > now - REST:
        return
    rows = without_number(now).filter(division=division)
    if not rows.exists():
        return
    missing = list(rows.select_related("connection__store").order_by("posted_at")[:MOST_IDS])
    division.numbers_read_at = now
    division.save(update_fields=["numbers_read_at"])
    numbers = client.invoice_numbers([document.exact_id for document in missing])
    for document in missing:
        if number := numbers.get(document.exact_id):
            transitions.note(
                document, english("Exact numbered the invoice %(number)s.") % {"number": number}, exact_number=number
            )
