"""What was typed at a step is kept in the session, sealed, until the step is done."""

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.sessions.models import Session

from connector.onboarding.drafts import KEY, Draft
from connector.sandbox import Sandbox
from tenants.models import Tenant
from tests.onboarding.conftest import Walker
from tests.onboarding.test_store_step import HASH

ACME, RIVAL = Tenant(pk=1), Tenant(pk=2)


def test_a_draft_is_read_again_with_its_errors_and_nobody_reads_it_in_the_session() -> None:
    session = SessionStore()
    Draft(session, ACME, "store").keep(typed={"access_token": "t0ken-x"}, errors={"": ["No."]})
    kept = Draft(session, ACME, "store")
    assert (kept.typed, kept.errors) == ({"access_token": "t0ken-x"}, {"": ["No."]})
    assert "t0ken-x" not in str(session[KEY])


def test_each_step_of_each_organisation_has_its_own() -> None:
    session = SessionStore()
    Draft(session, ACME, "store").keep(typed={"name": "Shop"})
    Draft(session, ACME, "exact").keep(typed={"client_id": "id"})
    Draft(session, ACME, "exact").forget()
    assert Draft(session, ACME, "store").typed == {"name": "Shop"}
    assert Draft(session, ACME, "exact").values == {}
    assert Draft(session, RIVAL, "store").values == {}


def test_a_draft_that_was_put_in_the_place_of_another_is_not_read() -> None:
    session = SessionStore()
    Draft(session, ACME, "store").keep(typed={"name": "Shop"})
    session[KEY] = {"2:store": session[KEY]["1:store"]}
    assert Draft(session, RIVAL, "store").values == {}


def test_what_was_typed_is_encrypted_in_the_session(walker: Walker, sandbox: Sandbox) -> None:
    walker.press("store", "ping", store_hash=HASH, client_id="id", client_secret="s3cret-typed", access_token="t0ken-x")
    (session,) = Session.objects.all()
    assert "s3cret-typed" not in str(session.get_decoded())
    assert "t0ken-x" not in str(session.get_decoded())
