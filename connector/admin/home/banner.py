"""The red line above every page while a store or consent of the organisation is not connected."""

from typing import Any

from django.db.models import BooleanField, CharField, ExpressionWrapper, Q, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from connector.admin.home.page import owners
from connector.models import ExactGrant, Store
from connector.models.credentials import Health
from tenants.models import Role
from tenants.scope import active_tenant, may

FIELDS = {"store": "#id_new_access_token"}  # where it is put right, by the side


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what is not connected (a context processor). The query runs only for a page that shows it."""
    return {"disconnected": SimpleLazyObject(lambda: disconnected(request))}


def disconnected(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the name and the page of each store and consent that needs a person, with one query.

    A person who may not connect it gets the owners' addresses.
    """
    tenant = active_tenant(request)
    if tenant is None:
        return []
    found = _without(Store, Q(pk__isnull=True), tenant.pk).union(
        _without(ExactGrant, Q(consented_at__isnull=True), tenant.pk)
    )
    rows = list(found)
    fixed_by = owners(tenant) if rows and not may(request, {Role.OWNER}) else []
    return [
        {
            "name": name,
            "new": new,
            "page": reverse(f"admin:connector_{side}_change", args=[pk]) + FIELDS.get(side, ""),
            "owners": fixed_by,
        }
        for side, pk, name, new in rows
    ]


def _without(model: type[Store] | type[ExactGrant], new: Q, tenant_id: int) -> Any:
    """Return the stores or the consents that do not work. `new` selects those that never worked."""
    rows: Any = model._default_manager.filter(tenant=tenant_id, state=Health.RECONNECT)
    named = rows.annotate(side=Value(model._meta.model_name, CharField()), new=ExpressionWrapper(new, BooleanField()))
    return named.order_by().values_list("side", "pk", "name", "new")
