"""The number of documents in each state, above the ledger's list. No query grows with the ledger."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, ChangeList
from django.http import HttpRequest

from connector.admin.documents.actions import LONGEST_ID
from connector.domain.document.states import State
from connector.models import Connection, OrderSync
from connector.models.document_words import STATE_NAMES
from tenants.scope import active_tenant

CAP = 1000  # a larger number is shown as "1000+"
CAP_OF_FILTER = 10_000
OF_CONNECTION, OF_STATE = "connection__id__exact", "state__exact"
_COUNTED_BY_INDEX = {OF_CONNECTION, OF_STATE, PAGE_VAR, ERROR_FLAG}


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


def chips(request: HttpRequest, listed: ChangeList) -> list[Chip]:
    """Count the active tenant's documents by state: those that the list's other filters and its search find."""
    tenant = active_tenant(request)
    if tenant is None:
        return []
    if request.GET.keys() - _COUNTED_BY_INDEX:
        return _of_filter(request, listed)
    narrowed = {}
    connections = Connection.objects.filter(store__tenant=tenant)
    if one := _chosen_connection(request):
        connections, narrowed = connections.filter(pk=one), {OF_CONNECTION: one}
    ids = list(connections.values_list("pk", flat=True))
    chosen = request.GET.get(OF_STATE, "")
    return [_chip(ids, state, narrowed, chosen=state == chosen) for state in State]


def _of_filter(request: HttpRequest, listed: ChangeList) -> list[Chip]:
    """Count what a filter finds, with one query for all states. It reads at most CAP_OF_FILTER rows."""
    rows = listed.get_queryset(request, exclude_parameters=[OF_STATE, "state__isnull"])
    states = list(rows.order_by().values_list("state", flat=True)[: CAP_OF_FILTER + 1])
    found, more = Counter(states), "+" if len(states) > CAP_OF_FILTER else ""
    chosen = request.GET.get(OF_STATE, "")
    return [
        Chip(
            state,
            str(STATE_NAMES[state]),
            f"{CAP}+" if found[state] > CAP else f"{found[state]}{more}",
            listed.get_query_string({OF_STATE: None if state == chosen else state.value}, [PAGE_VAR]),
            state == chosen,
        )
        for state in State
    ]


def _chip(connections: list[int], state: State, narrowed: dict[str, str], *, chosen: bool) -> Chip:
    """Count with an index, which reads at most CAP rows."""
    number = OrderSync.objects.filter(connection__in=connections, state=state).order_by()[: CAP + 1].count()
    query = urlencode(narrowed if chosen else {**narrowed, OF_STATE: state.value})
    return Chip(state, str(STATE_NAMES[state]), f"{CAP}+" if number > CAP else str(number), f"?{query}", chosen)


def _chosen_connection(request: HttpRequest) -> str:
    given = request.GET.get(OF_CONNECTION, "")
    return given if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else ""
