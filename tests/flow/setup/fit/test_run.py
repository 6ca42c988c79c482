"""A run of tried orders: it survives a kill, a stop and a limit, tries only the held ones again, and keeps little."""

from datetime import timedelta

import pytest

from connector.clients import errors
from connector.domain.document.result import from_json
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.fit.trial import Trial, Tried
from connector.flow.setup.recent_orders import Recent, recent_orders
from connector.models import FitOrder, FitRun
from connector.problems.catalogue import sentence
from connector.sandbox.bigcommerce.state import Account
from tenants.models import Tenant
from tenants.unreadable import UnreadableSecret
from tests.acme import STORE, Acme
from tests.flow.setup.fit import YEAR

pytestmark = pytest.mark.django_db
ALL = 58
"""The orders of the store."""


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The wake-ups that were sent."""
    sent: list[int] = []
    monkeypatch.setattr("connector.flow.lane.wakeup.wake_fit_run", sent.append)
    return sent


@pytest.fixture
def begun(acme: Acme) -> FitRun:
    """A run of every order of the store, not tried yet."""
    return fit_run.start(acme.connection, None, days=YEAR)


def done(run: FitRun) -> FitRun:
    fit_run.go_on(run.pk)
    run.refresh_from_db()
    return run


def without_shipping(acme: Acme) -> None:
    """Let a new version of the rules hold every order that is shipped."""
    present = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    some = [rule for rule in present["rules"] if rule["when"].get("line") != "shipping"][:-1]
    rule_versions.save_version(acme.connection, {**present, "rules": some}, author=None, note="")


def test_a_worker_tries_every_order_and_adds_up(acme: Acme, begun: FitRun, woken: list[int]) -> None:
    assert woken == [begun.pk]
    calls = acme.exact_calls("*")
    run = done(begun)
    assert (run.state, run.done, run.due_at, run.older) == ("done", ALL, None, False)
    assert (run.result["orders"], run.result["fit"]) == (ALL, ALL)
    assert len(run.five) == 5
    assert acme.exact_calls("*") == calls
    assert woken == [begun.pk]  # nothing is left to do


def test_a_store_that_sold_nothing_lately_shows_its_latest_orders(acme: Acme) -> None:
    run = done(fit_run.start(acme.connection, None))  # the sandbox's orders are of January
    assert (run.days, run.older, run.expected, run.done) == (fit_run.DAYS, True, ALL, ALL)


def test_a_second_click_begins_nothing_and_other_rules_stop_the_run(acme: Acme, begun: FitRun) -> None:
    assert fit_run.start(acme.connection, None, days=YEAR) == begun
    draft = fit_run.start(acme.connection, None, days=YEAR, rules=rule_versions.NONE)
    begun.refresh_from_db()
    assert (begun.state, draft.state) == ("stopped", "running")
    assert fit_run.latest(acme.connection) == begun
    assert fit_run.latest(acme.connection, of_draft=True) == draft


def test_a_turn_that_ran_out_of_time_is_gone_on_with_behind_it(
    acme: Acme, begun: FitRun, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fit_run.go_on(begun.pk, seconds=0)
    begun.refresh_from_db()
    assert (begun.state, begun.done, begun.expected) == ("running", fit_run.BATCH, ALL)
    assert woken == [begun.pk, begun.pk]
    tried, one = list[int](), Trial.tried

    def counted(trial: Trial, order: Recent) -> Tried:
        tried.append(order.order_id)
        return one(trial, order)

    monkeypatch.setattr(Trial, "tried", counted)
    assert done(begun).done == ALL
    assert len(tried) == ALL - fit_run.BATCH


def test_a_run_of_a_killed_worker_is_found_by_the_sweep(begun: FitRun, woken: list[int]) -> None:
    lease = leases.acquire(FitRun, begun.pk)
    assert lease is not None
    assert fit_run.wake_due() == 0  # a worker has it
    fit_run.go_on(begun.pk)
    assert FitOrder.objects.count() == 0
    leases.release(lease)  # as the end of its time does
    assert fit_run.wake_due() == 1
    assert woken == [begun.pk, begun.pk]


def test_a_person_stops_it_and_goes_on(begun: FitRun, woken: list[int]) -> None:
    fit_run.go_on(begun.pk, seconds=0)
    fit_run.stop(begun)
    fit_run.go_on(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, begun.done) == ("stopped", fit_run.BATCH)
    fit_run.resume(begun)
    assert done(begun).state == "done"


def test_only_held_orders_are_tried_again_and_the_store_is_not_asked(acme: Acme) -> None:
    whole = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    without_shipping(acme)
    run = done(fit_run.start(acme.connection, None, days=YEAR))
    held = run.result["held"]
    assert 0 < held < ALL
    rule_versions.save_version(acme.connection, whole, author=None, note="")
    calls = acme.store_calls()
    fit_run.try_held_again(run)
    run.refresh_from_db()
    assert (run.state, run.done) == ("running", ALL - held)
    assert done(run).result["fit"] == ALL
    assert acme.store_calls() == calls
    assert not FitOrder.objects.filter(order_data__isnull=False).exclude(order_id__in=map(int, run.five)).exists()


def test_what_names_customers_is_kept_of_held_orders_and_of_those_to_look_at_for_two_weeks(acme: Acme) -> None:
    without_shipping(acme)
    run = done(fit_run.start(acme.connection, None, days=YEAR))
    kept = set(FitOrder.objects.filter(order_data__isnull=False).values_list("order_id", flat=True))
    held = {int(order) for cause in run.result["causes"] for order in cause["orders"]}
    assert kept == held | set(map(int, run.five))
    assert fit_run.remove_old() == 0
    FitRun.objects.update(created_at=database_now() - fit_run.KEPT - timedelta(minutes=1))
    fit_run.remove_old()
    assert (FitRun.objects.count(), FitOrder.objects.count()) == (0, 0)


def test_draft_rules_are_compared_with_those_in_force_and_keep_no_order(acme: Acme) -> None:
    present = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    moved = {"priority": 1, "when": {"line": "shipping"}, "then": {"gl_account": "8020"}}
    run = done(fit_run.start(acme.connection, None, days=YEAR, rules={**present, "rules": [moved, *present["rules"]]}))
    assert (run.state, run.moves["becomes_held"], run.moves["becomes_free"]) == ("done", [], [])
    assert run.moves["by_gl_account"]["8020"]["documents"] == run.moves["changed"] > 0
    assert not FitOrder.objects.filter(order_data__isnull=False).exists()
    assert rule_versions.as_filed(rule_versions.in_force(acme.connection)) == present


def test_a_refused_token_stands_still_until_a_person_goes_on(acme: Acme, begun: FitRun) -> None:
    store = acme.sandbox.stores.store(STORE)
    known = acme.store
    store.add_account(Account(known.client_id, known.client_secret, "another-token"))
    run = done(begun)
    assert (run.state, [each.code for each in from_json(run.problems)]) == ("trouble", ["token_refused"])
    store.add_account(Account(known.client_id, known.client_secret, known.access_token))
    fit_run.resume(run)
    assert done(run).state == "done"


def test_a_limit_and_a_vendor_that_is_away_cost_time_only(begun: FitRun, monkeypatch: pytest.MonkeyPatch) -> None:
    until = database_now() + timedelta(seconds=20)

    def fails(*given: object, **named: object) -> None:
        raise failure

    monkeypatch.setattr(fit_run, "recent_orders", fails)
    failure: errors.ClientError = errors.RateLimited("used up", until=until)
    run = done(begun)
    assert (run.state, run.due_at, run.failures) == ("running", until, 0)
    failure = errors.Unavailable("away")
    for tries in range(1, fit_run.MOST_FAILURES):
        run = done(run)
        assert (run.state, run.failures) == ("running", tries)
        assert run.due_at is not None
        assert run.due_at > database_now()
    run = done(run)
    assert (run.state, [each.code for each in from_json(run.problems)]) == ("trouble", ["call_failed"])


@pytest.mark.parametrize(
    "fault", [AttributeError("the name of a customer"), UnreadableSecret("Enter the token again.")]
)
def test_a_fault_stands_still_and_is_shown_until_a_person_goes_on(
    begun: FitRun, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails(*given: object, **named: object) -> None:
        raise fault

    monkeypatch.setattr(fit_run, "recent_orders", fails)
    run = done(begun)
    assert (run.state, run.due_at) == ("trouble", None)
    (found,) = from_json(run.problems)
    assert found.code == "try_stopped"
    assert "customer" not in sentence(found)
    assert run.lease_until is None
    monkeypatch.setattr(fit_run, "recent_orders", recent_orders)
    fit_run.resume(run)
    assert done(run).state == "done"


def test_a_suspension_in_the_middle_of_a_turn_ends_it_and_the_run_waits(
    begun: FitRun, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = Trial.tried

    def suspend(trial: Trial, order: Recent) -> Tried:
        Tenant.objects.update(suspended=True)
        return tried(trial, order)

    monkeypatch.setattr(Trial, "tried", suspend)
    run = done(begun)
    assert run.state == "running"
    assert run.orders.count() == fit_run.BATCH
    woken.clear()
    assert fit_run.wake_due() == 0
    Tenant.objects.update(suspended=False)
    assert fit_run.wake_due() == 1
