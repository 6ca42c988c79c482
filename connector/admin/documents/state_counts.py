"""The ledger's counts per state, above its list: each leads to what it counts. None of them grows with the ledger."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from connector.admin.documents.actions import LONGEST_ID
from connector.domain.document.states import State
from connector.models import Connection, OrderSync
from tenants.scope import active_tenant

CAP = 1000  # beyond it the number is shown as "1000+", and no further rows are counted
OF_CONNECTION, OF_STATE = "connection__id__exact", "state__exact"


@dataclass(frozen=True, slots=True)
class Chip:
    """A state with the number of its documents, and the address of the list that shows just them."""

    state: State
    name: str
    number: str
    url: str
    chosen: bool

    @property
    def label(self) -> str:
        """What the chip says: `blocked 3`."""
        return f"{self.name} {self.number}"


def chips(request: HttpRequest) -> list[Chip]:
    """Count the active tenant's documents by state, of the one connection that the list is narrowed to."""
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
    """One index answers, and at most CAP of its rows are touched."""
    number = OrderSync.objects.filter(connection__in=connections, state=state).order_by()[: CAP + 1].count()
    query = urlencode(narrowed if chosen else {**narrowed, OF_STATE: state.value})
    return Chip(state, state.replace("_", " "), f"{CAP}+" if number > CAP else str(number), f"?{query}", chosen)


def _chosen_connection(request: HttpRequest) -> str:
    given = request.GET.get(OF_CONNECTION, "")
    return given if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else ""
