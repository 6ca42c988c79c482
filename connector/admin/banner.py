"""The red line above every page while a side of the active organisation is not connected."""

from typing import Any

from django.db.models import CharField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from connector.models import ExactGrant, Store
from connector.models.connections import Health
from tenants.scope import active_tenant


def context(request: HttpRequest) -> dict[str, Any]:
    """Give the portal's pages what is not connected (a context processor). Asked only by a page that shows it."""
    return {"disconnected": SimpleLazyObject(lambda: disconnected(request))}


def disconnected(request: HttpRequest) -> list[dict[str, str]]:
    """Return the name and the page of each store and consent that needs a person: one query, by tenant."""
    tenant = active_tenant(request)
    if tenant is None:
        return []
    sides = [
        model.objects.filter(tenant=tenant, state=Health.RECONNECT)
        .annotate(side=Value(model._meta.model_name, CharField()))
        .order_by()
        .values_list("side", "pk", "name")
        for model in (Store, ExactGrant)
    ]
    return [
        {"name": name, "page": reverse(f"admin:connector_{side}_change", args=[pk])}
        for side, pk, name in sides[0].union(sides[1])
    ]
