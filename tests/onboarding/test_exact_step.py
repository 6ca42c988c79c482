"""The step of Exact Online: the app, the way to Exact, and the ways back."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from pytest_django.fixtures import Settings

from connector.models import Connection, ConsentRequest, Division, ExactGrant
from connector.sandbox import Sandbox
from connector.sandbox.exact.oauth import CLIENT_ID, CLIENT_SECRET
from tenants.fields import sealed_for
from tests.admin.consent_at_exact import agree, state_in
from tests.factories import ConnectionFactory, DivisionFactory, OrderSyncFactory, StoreFactory
from tests.onboarding.conftest import Walker

CALLBACK = "/oauth/exact/callback/"


@pytest.fixture
def shop(walker: Walker) -> Walker:
    """The owner has done the step of the store."""
    StoreFactory.create(tenant=walker.tenant, country="BE")
    return walker


def leave(walker: Walker, **typed: Any) -> str:
    """Press Connect to Exact; returns the address at Exact."""
    answer = walker.client.post("/get-started/exact/", {**typed, "go": "1"})
    address = str(answer["Location"])
    assert "/api/oauth2/auth" in address, address
    return address


def come_back(walker: Walker, address: str) -> str:
    """Arrive from Exact at an address of ours; returns the step that is shown."""
    answer = walker.client.get(address, follow=True)
    walker._arrive(answer, address)
    return walker.open("exact")


def own(**changes: str) -> dict[str, str]:
    return {"region": "nl", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **changes}


def test_what_must_be_registered_stands_there_before_anything_is_typed(shop: Walker) -> None:
    shop.open("exact")
    assert '<code data-copy="Copy" data-copied="Copied">http://testserver/oauth/exact/callback/</code>' in shop.page
    assert "Sales invoices" in shop.page
    assert '<option value="be" selected>' in shop.page  # the store's country
    assert 'name="app"' not in shop.page


def test_the_whole_way_with_a_wrong_secret(shop: Walker, sandbox: Sandbox) -> None:
    back = agree(leave(shop, **own(client_secret="wrong-s3cret")))
    assert come_back(shop, back) == "exact"
    assert shop.state == "trouble"
    assert "does not take this client secret" in shop.errors["client_secret"]
    assert "wrong-s3cret" not in shop.page
    assert f'value="{CLIENT_ID}"' in shop.page
    assert come_back(shop, agree(leave(shop, client_secret=CLIENT_SECRET))) == "exact"
    assert (shop.state, shop.errors) == ("done", {})
    grant = ExactGrant.objects.get()
    assert (grant.state, grant.region, grant.client_secret) == ("active", "nl", CLIENT_SECRET)
    assert "Robin Zandbak" in shop.page
    assert CLIENT_SECRET not in shop.page


def test_a_secret_that_was_typed_is_kept_while_another_field_is_corrected(shop: Walker, sandbox: Sandbox) -> None:
    shop.press("exact", "go", **own(client_id=""))
    assert "looks like" in shop.errors["client_id"]
    (session,) = Session.objects.all()
    assert CLIENT_SECRET not in str(session.get_decoded())
    agree(leave(shop, client_id=CLIENT_ID))
    assert ExactGrant.objects.get().client_secret == CLIENT_SECRET


def test_a_person_who_says_no_at_exact(shop: Walker, sandbox: Sandbox) -> None:
    state = state_in(leave(shop, **own()))
    come_back(shop, f"{CALLBACK}?error=access_denied&state={state}")
    assert "refused or cancelled" in shop.errors[""]


def test_another_redirect_address(shop: Walker, sandbox: Sandbox, settings: Settings) -> None:
    back = agree(leave(shop, **own()))
    settings.PUBLIC_URL = "http://elsewhere.example"
    come_back(shop, back)
    assert "another redirect address" in shop.errors[""]


def test_an_outage_on_the_way_back(shop: Walker, sandbox: Sandbox) -> None:
    back = agree(leave(shop, **own()))
    sandbox.exact.faults.add("503_html", "POST", "*/oauth2/token", times=-1)
    come_back(shop, back)
    assert "Everything is kept" in shop.errors[""]


def test_a_person_whom_exact_did_not_send_back(shop: Walker) -> None:
    """A wrong client id: Exact shows a page of its own."""
    leave(shop, **own(client_id="of-nobody"))
    shop.open("exact")
    assert "correct the client ID" in shop.errors["client_id"]


def test_the_portals_own_app_is_offered_where_there_is_one(shop: Walker, settings: Settings) -> None:
    settings.EXACT_APPS = {"be": ("ours", "our-secret")}
    shop.open("exact")
    assert re.search(r'value="portal"[^>]*checked', shop.page)
    shop.press("exact", "go", app="portal", region="nl")
    assert "no app for that region" in shop.errors["app"]
    assert "client_id=ours" in leave(shop, app="portal", region="be")
    grant = ExactGrant.objects.get()
    assert (grant.client_id, grant.client_secret) == ("ours", "our-secret")
    shop.open("exact")
    assert "our-secret" not in shop.page
    assert "ours" not in shop.page


def test_a_second_press_makes_nothing_twice(shop: Walker) -> None:
    for _ in range(2):
        leave(shop, **own())
    assert ExactGrant.objects.count() == 1
    assert ConsentRequest.objects.count() == 2


def test_a_new_secret_takes_the_place_of_the_one_in_use_only_when_a_consent_proved_it(
    shop: Walker, sandbox: Sandbox
) -> None:
    """The worker goes on with the secret in use, whatever is tried."""

    def in_use() -> tuple[str, str]:
        grant = ExactGrant.objects.get()
        return grant.client_secret, grant.state

    come_back(shop, agree(leave(shop, **own())))
    leave(shop, client_secret="typed-and-left")
    assert in_use() == (CLIENT_SECRET, "active")
    come_back(shop, agree(leave(shop, client_secret="wrong-s3cret")))
    assert "does not take this client secret" in shop.errors["client_secret"]
    assert in_use() == (CLIENT_SECRET, "active")
    assert ConsentRequest.objects.latest("pk").client_secret == ""
    expired = sealed_for(ExactGrant.objects.get(), "client_secret", "expired-s3cret")
    ExactGrant.objects.update(client_secret=expired, credentials_set={})
    come_back(shop, agree(leave(shop, client_secret=CLIENT_SECRET)))
    assert in_use() == (CLIENT_SECRET, "active")
    assert "client_secret" in ExactGrant.objects.get().credentials_set
    assert not ConsentRequest.objects.filter(used_at__isnull=False).exclude(client_secret="").exists()


def test_everything_can_be_corrected_until_a_document_hangs_on_it(shop: Walker) -> None:
    leave(shop, **own())
    division = DivisionFactory.create(grant=ExactGrant.objects.get())
    connection = ConnectionFactory.create(store__tenant=shop.tenant, division=division)
    leave(shop, **own(client_id="another", region="de"))
    grant = ExactGrant.objects.get()
    assert (grant.client_id, grant.region) == ("another", "de")
    assert not Division.objects.exists()
    assert not Connection.objects.filter(pk=connection.pk).exists()
    division = DivisionFactory.create(grant=grant)
    OrderSyncFactory.create(connection__division=division, connection__store__tenant=shop.tenant)
    shop.press("exact", "go", **own(client_id="a-third", region="de"))
    assert "so it stays" in shop.errors["client_id"]
    shop.press("exact", "remove")
    assert "so it stays" in shop.errors[""]


def test_a_consent_is_removed(shop: Walker) -> None:
    leave(shop, **own())
    shop.press("exact", "remove")
    assert not ExactGrant.objects.exists()
    assert shop.state == "todo"


def test_it_waits_for_the_store(walker: Walker) -> None:
    assert walker.open("exact") == "store"
