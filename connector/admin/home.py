"""The first page: what needs a person, and whether both sides are well. No count grows with the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from connector.domain.states import State
from connector.flow import runway
from connector.flow.leases import database_now
from connector.flow.poll import POLL
from connector.models import Alert, Connection, Delivery, Division, ExactGrant, OrderSync, Store
from tenants.models import Tenant
from tenants.scope import active_tenant

# Of these there are few while all is well; beyond the cap the number is shown as "1000+".
WATCHED = [State.BLOCKED, State.AWAITING_APPROVAL, State.UNCERTAIN, State.WAITING, State.PENDING]
CAP = 1000
ALERTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with the list that it counts."""

    name: str
    number: str
    url: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Give the portal's first page its facts (a context processor). Asked only by the page that shows them."""
    return {"home": SimpleLazyObject(lambda: facts(active_tenant(request)))}


def facts(tenant: Tenant | None) -> dict[str, Any]:
    """Return what the first page shows of an organisation; nothing before one is chosen."""
    if tenant is None:
        return {}
    now = database_now()
    connections = list(Connection.objects.filter(store__tenant=tenant).values_list("pk", flat=True))
    return {
        "tiles": [_tile(connections, state) for state in WATCHED],
        "oldest": _oldest(connections),
        "alerts": list(Alert.objects.filter(tenant=tenant, closed_at=None).order_by("-id")[:ALERTS_SHOWN]),
        "grants": [
            {"grant": grant, "days_left": runway.days_left(grant, now)}
            for grant in ExactGrant.objects.filter(tenant=tenant).only(
                "name", "state", "refresh_expires_at", "refreshed_at"
            )
        ],
        "stores": [{"store": store, "heard": _heard(store)} for store in _stores(tenant)],
        "budgets": [
            {"division": division, "used": runway.calls_today(division, now)}
            for division in Division.objects.filter(grant__tenant=tenant)
        ],
    }


def _tile(connections: list[int], state: State) -> Tile:
    rows = OrderSync.objects.filter(connection__in=connections, state=state).order_by()
    number = rows[: CAP + 1].count()
    url = f"{reverse('admin:connector_ordersync_changelist')}?state__exact={state}"
    return Tile(state.replace("_", " "), f"{CAP}+" if number > CAP else str(number), url)


def _oldest(connections: list[int]) -> OrderSync | None:
    """Return the document that has been on its way for the longest."""
    waiting = OrderSync.objects.filter(connection__in=connections, next_attempt_at__isnull=False)
    return waiting.defer("order_data", "draft").order_by("created_at").first()


def _stores(tenant: Tenant) -> list[Store]:
    return list(Store.objects.filter(tenant=tenant).only("name", "store_hash", "state").order_by("name"))


def _heard(store: Store) -> datetime | None:
    """Return when the store last rang."""
    rung = Delivery.objects.filter(store=store).exclude(proof=POLL)
    return rung.order_by("-id").values_list("received_at", flat=True).first()
