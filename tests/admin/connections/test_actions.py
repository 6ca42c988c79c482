"""The buttons of a connection: each says what it does, and does it by POST with a reason."""

from django.test import Client
from django.urls import reverse

from connector.admin.connections.actions import BUTTONS
from connector.flow.inbox.webhooks import SCOPES
from connector.models import Connection
from tests.acme import Acme


def test_a_button_of_a_connection_says_what_it_does(acme: Acme, owner: Client) -> None:
    text = owner.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    for name, button in BUTTONS.items():
        assert (str(button.meaning).replace("'", "&#x27;") in text) == (name != "resume")


def test_a_connection_is_paused_resumed_and_run_by_its_buttons(acme: Acme, owner: Client) -> None:
    def press(name: str) -> None:
        address = reverse("admin:connector_connection_do", args=[acme.connection.pk, name])
        assert owner.get(address).status_code == 405
        assert owner.post(address, {"reason": "month end"}).status_code == 302

    press("pause")
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "pending"
    press("resume")
    acme.drain()
    assert acme.document(1001).state == "posted"
    Connection.objects.update(schedule="manual")
    acme.ring(1017)
    acme.drain()
    assert acme.document(1017).state == "pending"
    press("run_now")
    acme.drain()
    assert acme.document(1017).state == "posted"
    acme.sandbox.stores.store("nlshop1").hooks.clear()
    press("hooks")
    assert len(acme.sandbox.stores.store("nlshop1").hooks) == len(SCOPES)
    press("pull")
