"""The app of a consent: saved once, and changed or removed until a document hangs on it."""

import pytest

from connector.flow.setup.new_grant import App, NotSaved, new_secret, propose_region, remove, save
from connector.models import Connection, Division, ExactGrant
from tests.factories import ConnectionFactory, ExactGrantFactory, OrderSyncFactory, TenantFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("country", "region"), [("BE", "be"), ("GB", "uk"), ("LU", "nl"), ("", "nl")])
def test_a_country_without_a_site_of_its_own_uses_the_dutch_one(country: str, region: str) -> None:
    assert propose_region(country) == region


def test_it_is_saved_once_and_its_secret_never_shows() -> None:
    tenant, app = TenantFactory.create(), App("be", "client", "hidden")
    assert save(tenant, app, None) == save(tenant, app, None)
    grant = ExactGrant.objects.get()
    assert (grant.name, grant.state, grant.client_secret) == ("Exact BE", "reconnect", "hidden")
    assert "hidden" not in repr(app)


def test_the_secret_of_a_consent_in_use_stays_until_another_is_proved() -> None:
    grant = ExactGrantFactory.create(client_secret="old", refresh_token="given")
    app = App(grant.region, grant.client_id, "new")
    assert save(grant.tenant, app, grant).client_secret == "old"
    assert (new_secret(grant, app), new_secret(grant, App("nl", "id", "old"))) == ("new", "")


def test_another_app_has_to_be_consented_to_and_another_region_has_other_divisions() -> None:
    grant = ConnectionFactory.create(division__grant__refresh_token="given").division.grant
    save(grant.tenant, App("nl", "second", "s"), grant)
    assert (ExactGrant.objects.get().refresh_token, ExactGrant.objects.get().state) == ("", "reconnect")
    assert Division.objects.exists()
    save(grant.tenant, App("de", "second", "s"), grant)
    assert not Division.objects.exists()
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("app", "field"), [(App("nl", "second", "s"), "client_id"), (App("de", "id", "s"), "region")])
def test_with_a_document_it_stays(app: App, field: str) -> None:
    grant = OrderSyncFactory.create().division.grant
    with pytest.raises(NotSaved) as refusal:
        save(grant.tenant, app, grant)
    assert refusal.value.field == field
    with pytest.raises(NotSaved, match="Documents hang on this consent"):
        remove(grant)


def test_without_a_document_it_goes_with_its_connections() -> None:
    remove(ConnectionFactory.create().division.grant)
    assert not ExactGrant.objects.exists()
    assert not Connection.objects.exists()
