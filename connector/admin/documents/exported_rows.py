"""What an export has of each document, in the reader's language: texts, days and amounts that are not written yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from connector.admin.documents.ledger_filters import cause_text
from connector.models import Connection, OrderSync
from tenants.models import Tenant

Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the documents of one organisation share, so that no row costs a query."""

    zone: ZoneInfo
    connections: Mapping[int, Connection]

    @classmethod
    def of(cls, tenant: Tenant, connections: Iterable[Connection]) -> "Known":
        """Return it for a tenant's connections, each with its store and division."""
        return cls(ZoneInfo(tenant.timezone), {each.pk: each for each in connections})


def _posted_on(document: OrderSync, known: Known) -> date | None:
    return document.posted_at.astimezone(known.zone).date() if document.posted_at else None


# Not the e-mail address: it is not in the list either.
COLUMNS: tuple[tuple[Promise, Callable[[OrderSync, Known], Cell]], ...] = (
    (_("state"), lambda document, known: document.get_state_display()),
    (_("cause"), lambda document, known: cause_text(document)),
    (_("order"), lambda document, known: document.order_id),
    (_("document"), lambda document, known: document.noun),
    (_("order date"), lambda document, known: document.ordered_on),
    (_("invoice"), lambda document, known: document.exact_number),
    (_("Your ref."), lambda document, known: document.reference),
    (_("customer"), lambda document, known: document.customer),
    (_("total"), lambda document, known: document.total),
    (_("currency"), lambda document, known: document.currency),
    (_("payment"), lambda document, known: document.payment_status),
    (_("to settle by hand"), lambda document, known: document.to_settle),
    (_("posted on"), _posted_on),
    (_("store"), lambda document, known: known.connections[document.connection_id].store.name),
    (_("connection"), lambda document, known: str(known.connections[document.connection_id])),
)


def headings() -> list[str]:
    """Return the names of the columns."""
    return [capfirst(str(name)) for name, _cell in COLUMNS]


def cells(documents: Iterable[OrderSync], known: Known) -> Iterator[list[Cell]]:
    """Yield the cells of each document."""
    for document in documents:
        yield [cell(document, known) for _name, cell in COLUMNS]
