"""The step of the division: it is asked, chosen, and read by a worker while the page shows how far it is."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.setup import first_read
from connector.models import Division, ExactGrant
from connector.sandbox import Sandbox
from tests.admin.consent_at_exact import agree
from tests.factories import ConnectionFactory, DivisionFactory, ExactGrantFactory, StoreFactory
from tests.onboarding.conftest import Walker
from tests.onboarding.test_exact_step import leave, own

ROW = {"code": 100001, "name": "Zandbak BV", "country": "NL", "currency": "EUR"}


@pytest.fixture
def connected(walker: Walker) -> Walker:
    """The owner has done the steps of the store and of Exact, by rows alone."""
    StoreFactory.create(tenant=walker.tenant)
    now = database_now()
    ExactGrantFactory.create(
        tenant=walker.tenant, consented_at=now, refresh_expires_at=now + timedelta(days=30), reachable=[ROW]
    )
    return walker


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The divisions whose read a worker was asked for."""
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_first_read", found.append)
    return found


def test_the_whole_way(walker: Walker, sandbox: Sandbox, sent: list[int]) -> None:
    """Exact leads back to this step. The division answers, is chosen, and a worker reads it."""
    StoreFactory.create(tenant=walker.tenant)
    answer = walker.client.get(agree(leave(walker, **own())), follow=True)
    assert answer.redirect_chain[-1][0] == "/get-started/division/"
    walker.open("division")
    names = [row["name"] for row in ExactGrant.objects.get().reachable]
    assert len(names) > 1
    assert all(name in walker.page for name in names)
    walker.press("division", "ping", division="100001")
    for shown in ("VAT codes for sales", "Sales journals", "The clocks differ by", "The invoices may be read."):
        assert shown in walker.page
    assert (walker.state, Division.objects.count()) == ("todo", 0)
    walker.press("division", "go", division="100001")
    division = Division.objects.get()
    assert (walker.state, sent) == ("running", [division.pk])
    assert 'http-equiv="refresh"' in walker.page
    first_read.go_on(division.pk)
    walker.open("division")
    assert walker.state == "done"
    assert 'http-equiv="refresh"' not in walker.page
    division.refresh_from_db()
    assert division.master_data_at is not None
    assert division.master_data.filter(kind="vat_code").exists()


def test_a_second_press_asks_once(connected: Walker, sent: list[int]) -> None:
    for _ in range(2):
        connected.press("division", "go", division="100001")
    assert len(sent) == Division.objects.count() == 1


def test_the_only_division_is_ticked_already(connected: Walker, sent: list[int]) -> None:
    connected.open("division")
    assert 'value="100001" checked' in connected.page
    connected.press("division", "go")
    assert connected.state == "running"


def test_none_of_them(connected: Walker) -> None:
    connected.press("division", "go", division="999999")
    assert "such as 100001" in connected.errors["division"]


def test_a_user_who_reaches_none_learns_who_must_consent(connected: Walker) -> None:
    ExactGrant.objects.update(reachable=[], exact_user_name="Robin Zandbak")
    connected.open("division")
    assert "Robin Zandbak reaches no division" in connected.errors[""]
    assert "/get-started/exact/" in connected.page


def test_a_division_in_use_elsewhere_is_refused(connected: Walker) -> None:
    other = DivisionFactory.create(code=100001)
    connected.press("division", "go", division="100001")
    assert "cannot be used here" in connected.errors["division"]
    assert other.grant.tenant.name not in connected.page


def test_the_division_that_was_chosen_last_counts(connected: Walker, sent: list[int]) -> None:
    ExactGrant.objects.update(reachable=[ROW, {**ROW, "code": 100002, "name": "Second"}])
    for code in ("100001", "100002", "100001"):
        connected.press("division", "go", division=code)
    assert 'value="100001" checked' in connected.page


def test_a_connected_store_keeps_its_division(connected: Walker) -> None:
    division = DivisionFactory.create(grant=ExactGrant.objects.get(), code=100001, master_data_at=database_now())
    ConnectionFactory.create(store=connected.tenant.stores.get(), division=division)
    ExactGrant.objects.update(reachable=[ROW, {**ROW, "code": 100002}])
    connected.press("division", "go", division="100002")
    assert "Change that in the portal" in connected.errors["division"]


def test_an_outage_while_the_list_is_read_again(connected: Walker, sandbox: Sandbox, settings: Settings) -> None:
    sandbox.exact.faults.add("503_html", "*", "*", times=-1)
    connected.press("division", "read")
    assert "Everything is kept" in connected.errors[""]
    assert "Zandbak BV" in connected.page
