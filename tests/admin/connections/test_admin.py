"""The page of a connection: when it runs next, and what follows when its settings are saved."""

import pytest
from django.test import Client
from django.urls import reverse

from connector.models import Connection
from tests.acme import Acme
from tests.admin.connections.test_form import page_of
from tests.admin.documents.test_actions import fix, held
from tests.admin.pages import shown


@pytest.mark.parametrize(
    ("schedule", "text"),
    [("manual", "When somebody presses Run now."), ("daily:02:30", "02:30 (Europe/Amsterdam)"), ("immediate", "20")],
)
def test_the_page_of_a_connection_says_when_it_runs_next(acme: Acme, owner: Client, schedule: str, text: str) -> None:
    Connection.objects.update(schedule=schedule)
    address = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    assert text in owner.get(address).content.decode()


def test_going_live_on_the_page_leaves_what_shadow_mode_held(acme: Acme, owner: Client) -> None:
    Connection.objects.update(mode="shadow")
    held(acme)
    address = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    form = owner.get(address).context["adminform"].form
    assert owner.post(address, shown(form) | {"mode": "live"}).status_code == 302
    fix(acme)
    acme.drain()
    assert Connection.objects.get().mode == "live"
    assert (acme.document(1001).state, acme.document(1001).reason) == ("skipped", "shadow")
    assert acme.invoices() == []


def test_a_page_saved_as_it_is_changes_nothing(acme: Acme, accountant: Client) -> None:
    before = Connection.objects.values().get(pk=acme.connection.pk)
    assert page_of(accountant, acme.connection).save().status_code == 302
    assert Connection.objects.values().get(pk=acme.connection.pk) == before


def test_what_the_settings_held_goes_on_when_they_change(acme: Acme, accountant: Client) -> None:
    Connection.objects.update(item_shipping="", item_default="", item_strategy="default")
    acme.ring(1001)
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "item")
    page_of(accountant, acme.connection).save(item_shipping="SHIP", item_default="WEBSHOP")
    acme.drain()
    assert acme.document(1001).state == "posted"
