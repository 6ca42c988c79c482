"""The people of a suspended organisation read one sentence in place of every page."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Tenant, User
from tests.tenants.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def suspended(acme: World) -> World:
    """Acme, which is suspended."""
    Tenant.objects.filter(pk=acme.tenant.pk).update(suspended=True)
    return acme


@pytest.mark.parametrize("address", ["/admin/", "/admin/connector/ordersync/", "/get-started/store/"])
def test_every_page_says_so(address: str, browser: Browser, suspended: World) -> None:
    alice = browser("alice")
    for answer in (alice.get(address), alice.post(address, {"go": "1"})):
        assert answer.status_code == 403
        assert "is suspended" in answer.content.decode()


def test_one_who_belongs_to_another_goes_on_there(browser: Browser, suspended: World, people: dict[str, User]) -> None:
    other = Tenant.objects.create(slug="other", name="Other BV")
    other.memberships.create(user=people["alice"], role="viewer")
    alice = browser("alice")
    assert "Go on with Other BV" in alice.get("/admin/").content.decode()
    alice.post("/admin/tenant/", {"tenant": other.pk})
    assert alice.get("/admin/").status_code == 200
    assert alice.post("/admin/logout/").status_code == 302


def test_the_people_of_another_and_superusers_see_their_pages(browser: Browser, suspended: World) -> None:
    for name in ("charlie", "sue"):
        assert browser(name).get("/admin/").status_code == 200
