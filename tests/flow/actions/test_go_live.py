"""A connection begins once: with its webhooks, its first day, and who is mailed."""

from datetime import date

import pytest

from connector.clients.errors import Unavailable
from connector.domain.choices import Mode
from connector.flow.actions.go_live import Plan, go_live
from connector.flow.actions.transaction import NotPossible
from connector.flow.inbox import webhooks
from connector.models import Connection, Store, SyncEvent
from tenants.models import User
from tests.factories import ConnectionFactory, DivisionFactory

PLAN = Plan(Mode.LIVE, date(2026, 3, 1), "immediate", ("books@acme.example",))


@pytest.fixture
def shadowed(db: None) -> Connection:
    """A connection that only shows."""
    return ConnectionFactory.create(mode=Mode.SHADOW)


@pytest.fixture
def repaired(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """The stores whose webhooks were made."""
    found: list[Store] = []
    monkeypatch.setattr(webhooks, "repair", found.append)
    return found


def test_pressed_twice_it_begins_once(shadowed: Connection, repaired: list[Store], ann: User) -> None:
    for _press in range(2):
        go_live(shadowed, PLAN, ann)
    connection = Connection.objects.get()
    assert (connection.mode, connection.start_date, connection.schedule) == (PLAN.mode, PLAN.start_date, "immediate")
    assert connection.store.tenant.alert_emails == ["books@acme.example"]
    assert SyncEvent.objects.get(kind="action").actor == ann
    assert repaired == [shadowed.store] * 2


def test_without_its_webhooks_nothing_begins(shadowed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(store: Store) -> None:
        raise Unavailable("The store gave no answer")

    monkeypatch.setattr(webhooks, "repair", refuse)
    with pytest.raises(NotPossible, match="nothing was changed"):
        go_live(shadowed, PLAN, None)
    assert Connection.objects.get().mode == Mode.SHADOW


@pytest.mark.usefixtures("repaired")
def test_one_connection_of_a_store_posts_and_others_may_only_show(shadowed: Connection) -> None:
    division = DivisionFactory.create(grant=shadowed.division.grant)
    other = ConnectionFactory.create(store=shadowed.store, division=division)
    with pytest.raises(NotPossible, match="Pause that connection first"):
        go_live(shadowed, PLAN, None)
    go_live(shadowed, Plan(Mode.SHADOW, PLAN.start_date, "manual", ()), None)
    assert set(Connection.objects.values_list("pk", "mode")) == {(shadowed.pk, "shadow"), (other.pk, "live")}
