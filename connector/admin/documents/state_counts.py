"""The number of documents in each state, above the ledger's list. No query grows with the ledger."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from connector.admin.documents.actions import LONGEST_ID
from connector.domain.document.states import State
from connector.models import Connection, OrderSync
from connector.models.document_words import STATE_NAMES
from tenants.scope import active_tenant

CAP = 1000  # a larger number is shown as "1000+"
OF_CONNECTION, OF_STATE = "connection__id__exact", "state__exact"


@dataclass(frozen=True, slots=True)
class Chip:
    """A state, the number of its documents, and the address of their list."""

    state: State
    name: str
    number: str
    url: str
    chosen: bool

    @property
    def label(self) -> str:
        """The text of the chip: `blocked 3`."""
        return f"{self.name} {self.number}"


def chips(request: HttpRequest) -> list[Chip]:
    """Count the active tenant's documents by state. When the list is filtered by a connection, count only its own."""
    tenant = active_tenant(request)
    if tenant is None:
        return []
    narrowed = {}
    connections = Connection.objects.filter(store__tenant=tenant)
    if one := _chosen_connection(request):
        connections, narrowed = connections.filter(pk=one), {OF_CONNECTION: one}
    ids = list(connections.values_list("pk", flat=True))
    chosen = request.GET.get(OF_STATE, "")
    return [_chip(ids, state, narrowed, chosen=state == chosen) for state in State]


def _chip(connections: list[int], state: State, narrowed: dict[str, str], *, chosen: bool) -> Chip:
    """Count with an index, which reads at most CAP rows."""
    number = OrderSync.objects.filter(connection__in=connections, state=state).order_by()[: CAP + 1].count()
    query = urlencode(narrowed if chosen else {**narrowed, OF_STATE: state.value})
    return Chip(state, str(STATE_NAMES[state]), f"{CAP}+" if number > CAP else str(number), f"?{query}", chosen)


def _chosen_connection(request: HttpRequest) -> str:
    given = request.GET.get(OF_CONNECTION, "")
    return given if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else ""
