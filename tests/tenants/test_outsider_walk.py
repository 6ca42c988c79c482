"""People open every page of the portal, with another organisation's rows in the database.

An owner may do what every other member may, and tenants/scope.py asks for no role when it chooses the rows. So an owner
walks for all of them. test_access.py has who may open what.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse

from tenants.models import Tenant, User
from tests.tenants.addresses import addresses
from tests.tenants.world import ACME, PLATFORM, World, logged_in

OUTSIDERS = ["nobody", "alice"]
OURS = [model for model in apps.get_models() if model._meta.app_label in {"tenants", "connector"}]
SWITCH = re.compile(rb'<select id="tenant-switch".*?</select>', re.DOTALL)


def lists(*skip: type) -> Iterator[str]:
    """The address of every list."""
    for model in admin.site._registry:
        if model not in skip:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def completions() -> Iterator[dict[str, str]]:
    """A question to the completion view for every foreign key that we have."""
    for model in OURS:
        for field in model._meta.fields:
            if isinstance(field, ForeignKey):
                about = {"app_label": model._meta.app_label, "model_name": str(model._meta.model_name)}
                yield about | {"field_name": field.name, "term": ""}


def intrude(client: Client, address: str, world: World) -> Any:
    """Send a form that fills in everything that any form of ours could ask, and confirms, as a browser sends it."""
    return client.post(address, urlencode(intrusion(world)), content_type="application/x-www-form-urlencoded")


def intrusion(world: World) -> dict[str, Any]:
    """What such a form says."""
    filled: dict[str, Any] = {field.name: "1" for model in OURS for field in model._meta.fields}
    return filled | {
        "name": "intruder",
        "slug": "intruder",
        "email": "intruder@rival.example",
        "new_password": "intruder-12345",
        "timezone": "UTC",
        "alert_emails": '["intruder@rival.example"]',
        "webhook_auth": "secret",
        "mode": "off",
        "schedule": "manual",
        "role": "viewer",
        "refunds": "ignore",
        "cancellations": "ignore",
        "edits": "ignore",
        "tenant": world.tenant.pk,
        "post": "yes",
        "_save": "Save",
        "action": "delete_selected",
        "_selected_action": "1",
    }


def assert_tells_nothing(answer: Any, world: World, address: str) -> None:
    """No server error, and not a word of that organisation."""
    assert answer.status_code not in {500, 502}, address
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = SWITCH.sub(b"", body).lower() + str(answer.headers).lower().encode()
    assert world.mark.lower().encode() not in text, address


def gets(world: World) -> list[str]:
    """Every address for that organisation's rows, and the lists with everything a list can be asked."""
    ids = {name: row.pk for name, row in ((m._meta.model_name, r) for m, r in world.rows.items())}
    store, connection, division = ids["store"], ids["connection"], ids["division"]
    asked = [
        "all=1",
        "_facets=True",
        "_popup=1",
        "p=2",
        "o=1",
        f"store__id__exact={store}",
        f"connection__id__exact={connection}",
        f"division__id__exact={division}",
        f"tenant__id__exact={world.tenant.pk}",
        f"id__exact={store}",
    ]
    return addresses(world) + [f"{address}?{query}" for address in lists() for query in asked]


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_sees_another_organisation(name: str, browser: Callable[[str], Client], rival: World) -> None:
    client = browser(name)
    for address in gets(rival):
        assert_tells_nothing(client.get(address), rival, address)
    for question in completions():
        assert_tells_nothing(client.get("/admin/autocomplete/", question), rival, str(question))


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_changes_another_organisation(
    name: str, browser: Callable[[str], Client], acme: World, rival: World
) -> None:
    others = User.objects.exclude(memberships__tenant=acme.tenant)  # an owner adds people to their own
    before, tenants, people = rival.snapshot(), Tenant.objects.count(), others.count()
    client = browser(name)
    for address in addresses(rival):
        assert_tells_nothing(intrude(client, address, rival), rival, address)
        if address.endswith("/logout/"):
            client = browser(name)
    assert rival.snapshot() == before
    assert (Tenant.objects.count(), others.count()) == (tenants, people)


def test_a_superuser_sees_only_what_is_chosen(browser: Callable[[str], Client], acme: World, rival: World) -> None:
    client, before = browser("sue"), rival.snapshot()
    installation = ("/admin/tenants/user/", "/admin/connector/tally/", "/admin/connector/worker/")
    own = (*installation, "/admin/tenant/", "/admin/logout/", "/accounts/logout/")
    for address in gets(rival):
        if not address.startswith(own):
            assert_tells_nothing(client.get(address), rival, address)
    for address in addresses(rival):
        if not address.startswith(own):
            assert_tells_nothing(intrude(client, address, rival), rival, address)
    assert rival.snapshot() == before


def test_a_superuser_who_has_chosen_nothing_sees_all_and_changes_nothing(
    people: dict[str, User], acme: World, rival: World
) -> None:
    client, before = logged_in(people["sue"]), (acme.snapshot(), rival.snapshot())
    page = client.get(reverse("admin:connector_store_changelist")).content.decode()
    assert acme.mark in page
    assert rival.mark in page
    for world in (acme, rival):
        for address in addresses(world):
            if not address.startswith(
                ("/admin/tenants/user/", "/admin/tenant/", "/admin/logout/", "/accounts/logout/")
            ):
                assert client.get(address).status_code != 500, address
                assert intrude(client, address, world).status_code != 500, address
    assert (acme.snapshot(), rival.snapshot()) == before


def test_members_find_every_page_of_their_own(browser: Callable[[str], Client], acme: World) -> None:
    client = browser("vera")
    for model in OURS:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        expected = 403 if model in PLATFORM else 200
        answer = client.get(reverse(f"{stem}_changelist"))
        assert answer.status_code == expected, stem
        assert expected == 403 or ACME in answer.content.decode(), stem
        for view in ("change", "history"):
            address = reverse(f"{stem}_{view}", args=[acme.of(model).pk])
            answer = client.get(address)
            assert answer.status_code == (404 if model in PLATFORM else 200), address
            assert model in PLATFORM or ACME in answer.content.decode(), address


@pytest.mark.parametrize("model", [model for model in OURS if admin.site._registry[model].search_fields])
def test_a_search_finds_ones_own_and_nothing_else(
    model: type[Model], browser: Callable[[str], Client], acme: World, rival: World
) -> None:
    client = browser("sue" if model in PLATFORM else "alice")
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for name in admin.site._registry[model].search_fields:
        column = name.removesuffix("__exact")
        own, other = getattr(acme.of(model), column), getattr(rival.of(model), column)
        found = client.get(address, {"q": own}).context["cl"].result_list
        assert list(found) == [acme.of(model)], name
        assert model in PLATFORM or not client.get(address, {"q": other}).context["cl"].result_list, name


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999999", "_00", "1' OR 1=1"])
def test_an_id_that_is_none_is_not_found(key: str, browser: Callable[[str], Client]) -> None:
    client = browser("alice")
    for view in ("change", "history", "delete"):
        assert client.get(f"/admin/connector/store/{key}/{view}/").status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=12345678901234567890123", "p=x", "e=1", "o=zz", "state__exact=x%27"])
def test_an_odd_question_is_no_server_error(query: str, browser: Callable[[str], Client]) -> None:
    client = browser("alice")
    for address in lists(*PLATFORM):
        assert client.get(f"{address}?{query}").status_code in {200, 302, 400}, address
