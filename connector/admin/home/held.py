"""The held documents by cause, the most frequent first: what is wrong by its name, how much waits, and the field."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.explanation import ROLES_OF_PAGE, explanation_of, in_words
from connector.admin.documents.to_field import Place, Places
from connector.admin.home.figures import CAP, Counts, ledger_url
from connector.domain.document.states import State
from connector.domain.money import tidy
from connector.flow.ledger import held_causes
from connector.models import Connection, OrderSync
from connector.models.amounts import written
from connector.problems.alerts import LONGEST_SAID
from connector.problems.titles import NAMED, title
from tenants.models import Role
from tenants.roles import OPERATORS

CAUSES_SHOWN = 10
# The fields of a document that name its cause, and what is said of it.
NEEDED = ("state", "order_id", "connection_id", "total", "currency", "updated_at", *held_causes.NEEDED)


@dataclass(frozen=True, slots=True)
class Cause:
    """What holds documents, and where it is put right.

    `number` of `documents` wait, worth `amounts`, since `since`. `said` is the sentence of one of them where the cause
    has no name. `again` is the address that tries them again.
    """

    title: str
    text: str
    place: Place
    number: str = ""
    documents: str = ""
    amounts: tuple[str, ...] = ()
    since: datetime | None = None
    said: str = ""
    again: str = ""
    roles: frozenset[Role] = OPERATORS  # who can put it right there


@dataclass(slots=True)
class _Held:
    """The documents of one cause, while they are counted."""

    sample: OrderSync
    since: datetime
    number: int = 0
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, document: OrderSync) -> None:
        self.number += 1
        self.since = min(self.since, document.updated_at)
        if document.currency and document.total is not None:
            self.money[document.currency] += document.total


def causes(connections: list[Connection], found: Counts) -> Iterator[Cause]:
    """Yield the causes. A cause may have more documents than were read; its number ends with a plus then."""
    by_id = {connection.pk: connection for connection in connections}
    if not found[State.BLOCKED]:
        return
    more = "+" if found[State.BLOCKED].total() > CAP else ""
    of_cause: dict[str, _Held] = {}
    for document in OrderSync.objects.filter(connection__in=by_id, state=State.BLOCKED).order_by().only(*NEEDED)[:CAP]:
        key = f"{document.connection_id}|{held_causes.key_of(document)}"
        of_cause.setdefault(key, _Held(document, document.updated_at)).add(document)
    places = Places()
    for held in islice(sorted(of_cause.values(), key=lambda each: -each.number), CAUSES_SHOWN):
        connection = by_id[held.sample.connection_id]
        yield _cause(held, connection, places, more=more, named=len(by_id) > 1)
    if len(of_cause) > CAUSES_SHOWN:
        heading = _("%(number)s more causes") % {"number": len(of_cause) - CAUSES_SHOWN}
        place = Place(ledger_url(state=State.BLOCKED), _("Go to the ledger"))
        yield Cause(heading, _("The ledger has them all."), place)


def _cause(held: _Held, connection: Connection, places: Places, *, more: str, named: bool) -> Cause:
    document, alone = held.sample, held.number == 1
    explanation = explanation_of(document)
    if alone:
        documents = reverse("admin:connector_ordersync_change", args=[document.pk])
    else:
        documents = ledger_url(state=State.BLOCKED, reason=document.reason, connection__id=connection.pk)
    place = places.of(document, connection, alone=alone)
    if explanation.where == "ledger":
        place = Place(documents, place.link)
    heading = title(document.code, document.params, document.reason)
    return Cause(
        title=f"{connection.store.name}: {heading}" if named else heading,
        text=str(explanation.who),
        place=place,
        number=f"{held.number}{more}",
        documents=documents,
        amounts=tuple(f"{written(tidy(sum_, 2))} {currency}" for currency, sum_ in sorted(held.money.items())),
        since=held.since,
        said="" if document.code in NAMED else shorten(in_words(document), LONGEST_SAID, placeholder=" …"),
        again=reverse("admin:connector_ordersync_try-cause", args=[document.pk]),
        roles=ROLES_OF_PAGE.get(explanation.where, OPERATORS),
    )
