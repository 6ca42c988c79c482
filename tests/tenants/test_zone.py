"""Pages show times in the organisation's zone and name it once. Stored times are UTC."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from connector.models import SyncEvent
from tenants.models import Tenant, User
from tenants.zone import in_zone
from tests.tenants.world import World, logged_in

Browser = Callable[[str], Client]


def at_noon(world: World) -> SyncEvent:
    """Something that happened at noon, UTC, in winter."""
    event: SyncEvent = world.of(SyncEvent)
    SyncEvent.objects.filter(pk=event.pk).update(at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    return event


def test_times_are_the_organisations_and_its_zone_is_named_once(browser: Browser, acme: World) -> None:
    page = reverse("admin:connector_syncevent_change", args=[at_noon(acme).pk])
    for zone, reported in (("Europe/Amsterdam", "13:00"), ("America/New_York", "07:00")):
        Tenant.objects.filter(pk=acme.tenant.pk).update(timezone=zone)
        text = browser("vera").get(page).content.decode()
        assert f"5 Jan 2026, {reported}" in text
        assert text.count(f"times in {zone}") == 1
    assert timezone.get_current_timezone_name() == "UTC"
    assert SyncEvent.objects.get(pk=acme.of(SyncEvent).pk).at == datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_before_an_organisation_is_chosen_times_are_utc(people: dict[str, User], acme: World) -> None:
    text = (
        logged_in(people["sue"])
        .get(reverse("admin:connector_syncevent_change", args=[at_noon(acme).pk]))
        .content.decode()
    )
    assert "5 Jan 2026, 12:00" in text
    assert "times in UTC" in text


def test_get_started_is_in_the_organisations_zone_too(rf: RequestFactory, people: dict[str, User], acme: World) -> None:
    Tenant.objects.filter(pk=acme.tenant.pk).update(timezone="America/New_York")
    zones = {}
    for address in ("/get-started/live/", "/hooks/"):
        request = rf.get(address)
        request.user, request.session = people["vera"], SessionStore()
        zones[address] = in_zone(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request).content.decode()
    assert zones == {"/get-started/live/": "America/New_York", "/hooks/": "UTC"}
