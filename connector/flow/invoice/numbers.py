"""Reads invoice numbers. Exact gives a number at printing, and its answer may lack it.

Missing numbers are read later, twenty per call, because reading each one at once would cost every order a third call.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Division, OrderSync
from connector.models.kept_words import english

# A lane asks when so many were printed since its last look, or when the first of them was printed so long ago.
MANY = MOST_IDS
MOST = 5 * MOST_IDS  # at one look, so that the next document does not wait long
SOON = timedelta(minutes=1)
# A number that the last look did not find is asked for after so long, or earlier when a call has room for it.
REST = timedelta(minutes=10)
# A printed invoice that has no number after two days will not get one by waiting.
GIVE_UP = timedelta(days=2)

_NEW = Q(division__numbers_read_at=None) | Q(posted_at__gt=F("division__numbers_read_at"))


def without_number(now: datetime) -> QuerySet[OrderSync]:
    """Return the printed documents without a number, except those that are too old to ask for."""
    return OrderSync.objects.filter(
        state=State.POSTED,
        exact_number="",
        kind__in=[DocumentKind.INVOICE, DocumentKind.CREDIT],
        form__in=[DocumentForm.SALES_INVOICE, DocumentForm.DIRECT_INVOICE],
        connection__finalize=True,
        connection__store__tenant__suspended=False,
        posted_at__gt=now - GIVE_UP,
    )


def lanes(now: datetime) -> list[int]:
    """Return the free lanes that have lacked a number for a minute, and have not asked for it in the last ten."""
    missing = without_number(now).filter(division=OuterRef("pk"))
    new = Exists(missing.filter(_NEW, posted_at__lte=now - SOON))
    asked = Exists(missing) & Q(numbers_read_at__lte=now - REST)
    return list(Division.objects.filter(leases.free(Division, now), new | asked).values_list("pk", flat=True))


def read_numbers(division: Division, client: ExactClient) -> None:
    """Read the missing numbers, twenty a call, when many are missing or one has been for a minute.

    The last call's room is for those that had none at the last look. Raises the client's errors.
    """
    now = database_now()
    rows = without_number(now).filter(division=division)
    new = _due(rows, now)
    ids = [pk for pk, _printed in new]
    if not ids and not _has_rested(division, now):
        return
    room = -len(ids) % MOST_IDS if ids else MOST_IDS
    if room:
        ids += rows.exclude(pk__in=ids).order_by("posted_at").values_list("pk", flat=True)[:room]
    if not ids:
        return
    division.numbers_read_at = new[-1][1] if len(new) == MOST else now  # later ones are new at the next look
    division.save(update_fields=["numbers_read_at"])
    for first in range(0, len(ids), MOST_IDS):
        _read(ids[first : first + MOST_IDS], client)


def _due(rows: QuerySet[OrderSync], now: datetime) -> list[tuple[int, datetime]]:
    """Return what was printed since the last look, when it is many or one of more than a minute ago."""
    found = rows.filter(_NEW).order_by("posted_at").values_list("pk", "posted_at")[:MOST]
    printed = [(pk, at) for pk, at in found if at]
    is_due = len(printed) >= MANY or any(at <= now - SOON for _pk, at in printed[:1])
    return printed if is_due else []


def _has_rested(division: Division, now: datetime) -> bool:
    return division.numbers_read_at is not None and division.numbers_read_at <= now - REST


def _read(ids: list[int], client: ExactClient) -> None:
    """Read and keep the numbers of at most twenty documents."""
    missing = list(OrderSync.objects.filter(pk__in=ids).select_related("connection__store").order_by("posted_at"))
    numbers = client.invoice_numbers([document.exact_id for document in missing])
    for document in missing:
        if number := numbers.get(document.exact_id):
            transitions.note(
                document, english("Exact numbered the invoice %(number)s.") % {"number": number}, exact_number=number
            )
