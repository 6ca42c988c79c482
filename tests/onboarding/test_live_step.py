"""The last step: the connection begins with its webhooks, and the first real delivery confirms it."""

import pytest

from connector.domain.choices import Mode
from connector.flow.actions import first_document
from connector.flow.actions.go_live import Plan, go_live
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.models import Connection, Delivery
from connector.sandbox.bigcommerce.state import Account
from tenants.models import Tenant, User
from tests.acme import STORE, Acme
from tests.factories import ConnectionFactory
from tests.onboarding.conftest import Walker

pytestmark = pytest.mark.django_db
BEGIN = {"mode": "live", "start_date": "2026-11-01", "schedule": "immediate", "alert_emails": "books@acme.example"}


@pytest.fixture
def owner(acme: Acme) -> Walker:
    """The owner of Acme, who has kept the first document. No order was reported by the store yet."""
    Connection.objects.update(mode=Mode.SHADOW, start_date=database_now().date())
    acme.connection.refresh_from_db()
    first_document.choose(acme.connection, 1001, None, "the first")
    acme.drain()
    first_document.keep(acme.document(1001), None, "right")
    found = Walker(acme.store.tenant)
    found.client.force_login(User.objects.get(memberships__tenant=acme.store.tenant))
    return found


def hooks(acme: Acme) -> int:
    return len(acme.sandbox.stores.store(STORE).hooks)


def test_it_begins_and_waits_for_a_real_delivery(acme: Acme, owner: Walker) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    assert owner.open("live") == "live"
    assert owner.state == "todo"
    assert owner.press("live", "go", **BEGIN) == "live"
    assert owner.state == "running"
    assert 'http-equiv="refresh"' in owner.page
    connection = Connection.objects.get()
    assert (connection.mode, connection.schedule, str(connection.start_date)) == ("live", "immediate", "2026-11-01")
    assert Tenant.objects.get().alert_emails == ["books@acme.example"]
    made = hooks(acme)
    assert made
    Delivery.objects.create(store=acme.store, webhook_id="poll:1", scope="store/order/updated", proof="poll")
    owner.open("live")
    assert owner.state == "running"  # what the connector found itself proves no webhook
    acme.ring(1002)
    acme.drain()
    owner.open("live")
    assert owner.state == "done"
    assert "reported order 1002" in owner.page
    owner.press("live", "go", **BEGIN)
    assert hooks(acme) == made


def test_orders_that_came_before_it_began_are_named_and_confirm_less_than_later_ones(acme: Acme, owner: Walker) -> None:
    Connection.objects.update(start_date="2026-01-01")
    acme.ring(1002)
    acme.drain()
    owner.press("live", "go", **{**BEGIN, "start_date": "2026-01-01"})
    owner.open("live")
    assert "1 document was only shown" in owner.page
    assert "reason__exact=shadow" in owner.page
    assert "reported order 1002" in owner.page
    acme.ring(1003)
    acme.drain()
    owner.open("live")
    assert "reported order 1003" in owner.page


def test_the_kept_document_is_not_posted_a_second_time(acme: Acme, owner: Walker) -> None:
    owner.press("live", "go", **{**BEGIN, "start_date": "2026-01-01"})
    acme.ring(1001)
    acme.drain()
    assert len(acme.invoices(1001)) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"mode": "always"}, "mode"),
        ({"start_date": "the first of May"}, "start_date"),
        ({"schedule": "daily"}, "schedule"),
        ({"alert_emails": "books@acme"}, "alert_emails"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_begins(
    acme: Acme, owner: Walker, typed: dict[str, str], field: str
) -> None:
    assert owner.press("live", "go", **{**BEGIN, **typed}) == "live"
    assert list(owner.errors) == [field]
    assert owner.state == "trouble"
    assert Connection.objects.get().mode == Mode.SHADOW


def test_a_schedule_is_chosen_in_words(owner: Walker) -> None:
    owner.press("live", "go", **{**BEGIN, "schedule": "daily", "schedule_time": "02:30"})
    assert Connection.objects.get().schedule == "daily:02:30"


def test_shadow_mode_waits_for_nothing(owner: Walker) -> None:
    assert owner.press("live", "go", **{**BEGIN, "mode": "shadow"}) == "/admin/"
    assert Connection.objects.get().mode == Mode.SHADOW


def test_a_store_that_refuses_leaves_all_as_it_was(acme: Acme, owner: Walker) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    known = acme.store
    acme.sandbox.stores.store(STORE).add_account(Account(known.client_id, known.client_secret, "another-token"))
    owner.press("live", "go", **BEGIN)
    assert "nothing was changed" in owner.errors["mode"]
    assert Connection.objects.get().mode == Mode.SHADOW


def test_a_second_connection_of_the_store_that_posts_is_named(acme: Acme, owner: Walker) -> None:
    ConnectionFactory.create(store=acme.store, mode=Mode.LIVE, division__grant=acme.connection.division.grant)
    Connection.objects.filter(pk=acme.connection.pk).update(mode=Mode.SHADOW)
    plan = Plan(Mode.LIVE, database_now().date(), "immediate", ())
    with pytest.raises(NotPossible, match="Pause that connection first"):
        go_live(acme.connection, plan, None)
