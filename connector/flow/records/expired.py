"""What has expired, as the chain says it: an entry of its own, written before anything is deleted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction

from connector.domain.document import chain as hashes
from connector.flow.clock import database_now
from connector.flow.ledger import chain
from connector.models import Chain, Connection, SyncEvent
from connector.models.kept_words import english


@dataclass(frozen=True, slots=True)
class Expired:
    """The moments before which each kind may be gone, as the chain writes moments; "" when all is kept."""

    deliveries: str = ""
    copies: str = ""
    calls: str = ""

    def later_of(self, before: Mapping[str, datetime]) -> "Expired":
        """Return these moments, or those in `before` where they are later."""
        wanted = {name: hashes.moment(at) for name, at in before.items()}
        return Expired(**{name: max(kept, wanted.get(name, "")) for name, kept in asdict(self).items()})


def read(connection: Connection) -> Expired:
    """Return what has expired of a connection."""
    number = Chain.objects.filter(connection=connection).values("expiry_number")
    entry = SyncEvent.objects.filter(connection=connection, place=0, number__in=number).first()
    known = entry.data if entry else {}
    return Expired(**{field.name: known.get(field.name, "") for field in fields(Expired)})


def record(connection: Connection, expired: Expired) -> None:
    """Add the entry that says what has expired. It comes before the deleting, so that a stop in between is no gap."""
    entry = SyncEvent(
        tenant_id=connection.store.tenant_id,
        kind=SyncEvent.Kind.EXPIRY,
        text=english("What is older than these moments may be deleted now."),
        data=asdict(expired),
        at=database_now(),
    )
    with transaction.atomic():
        chain.add_alone(connection.pk, entry)
        Chain.objects.filter(connection=connection).update(expiry_number=entry.number)
