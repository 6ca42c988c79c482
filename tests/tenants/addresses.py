"""Every address of the portal, filled in for the rows of one organisation."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from connector.models import CustomerLink, Division, OrderSync, Store, StoreCustomer
from tests.tenants.world import World

# An action that each model's page has.
ACTIONS: dict[type[Model] | None, str] = {OrderSync: "skip", CustomerLink: "unlink", StoreCustomer: "link"}


def patterns(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern below a resolver, with the route that leads to it."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def addresses(world: World) -> list[str]:
    """Every address there is, naming the rows of that organisation wherever an address names a row."""
    return sorted({filled(route, entry, world) for route, entry in patterns()})


def filled(route: str, entry: URLPattern, world: World) -> str:
    """The address of a pattern, for the rows of that organisation."""
    model: type[Model] | None = getattr(getattr(entry.callback, "model_admin", None), "model", None)
    row = world.rows.get(model) if model else None
    values: dict[str, Any] = {
        "path:object_id": row.pk if row else 1,
        "int:content_type_id": ContentType.objects.get_for_model(Store).pk,
        "uuid:webhook_uuid": world.of(Store).webhook_uuid,
        "uuid:division_uuid": world.of(Division).webhook_uuid,
        "path:url": "no/such/page/",
        "uidb64": "MQ",
        "token": "set-password",
        "int:pk": 1,
        "int:after": 0,
        "int:until": 9,
        "slug:month": "2026-01",
        "slug:name": ACTIONS.get(model, "pause"),
    }
    for name, value in values.items():
        route = route.replace(f"<{name}>", str(value))
    route = route.replace("^(?P<app_label>tenants|connector)/$", "connector/").replace("(?P<url>.*)$", "no/such/page")
    route = route.replace(
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-set-password/"
    )
    assert "<" not in route, f"{route}: say what goes there"
    return route
