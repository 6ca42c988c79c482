"""A comparison goes on turn by turn within its budgets: a kill, a stop and a limit lose nothing."""

import pytest
from django.db import IntegrityError

from connector.clients import errors
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.setup.shadow import run as shadow_run
from connector.models import Connection, ShadowDocument, ShadowRun
from tenants.models import Tenant
from tests.acme import Acme
from tests.flow.setup.shadow.scene import compared, translate, type_in

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """A worker dies."""


def typed(acme: Acme, number: int = 2) -> ShadowRun:
    """Orders that came and were typed in, and a comparison of them that was begun."""
    for order_id in translate(acme, number):
        type_in(acme, order_id)
    return shadow_run.start(acme.connection, None)


def one_page(run: ShadowRun) -> None:
    """Let a worker keep one page, and die."""
    done = shadow_run._Turn._keep

    def keep(*given: object) -> bool:
        done(*given)  # type: ignore[arg-type]
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shadow_run._Turn, "_keep", keep)
        with pytest.raises(Killed):
            shadow_run.go_on(run.pk)
    run.refresh_from_db()


def test_sixty_documents_cost_one_call_and_nothing_is_kept_of_them(acme: Acme) -> None:
    for order_id in translate(acme, 24):
        for _copy in range(3):
            type_in(acme, order_id)
    before = acme.exact_calls()
    run = compared(acme)
    assert (run.state, run.documents) == ("done", 72)
    assert acme.exact_calls() - before == 3  # two pages of invoices, one of no sales entries
    assert not ShadowDocument.objects.exists()


def test_a_kill_after_any_page_loses_and_doubles_nothing(acme: Acme) -> None:
    run = typed(acme)
    one_page(run)
    assert (run.documents, run.all_read) == (2, False)
    one_page(run)
    assert (run.documents, run.all_read) == (2, True)
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result["summary"]["sure"]) == ("done", 2)


def test_one_process_has_a_comparison_and_the_sweep_finds_it(acme: Acme, woken: list[int]) -> None:
    run = typed(acme)
    assert woken == [run.pk]
    lease = leases.acquire(ShadowRun, run.pk)
    assert lease is not None
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.documents, shadow_run.wake_due()) == ("running", 0, 0)
    leases.release(lease)
    assert shadow_run.wake_due() == 1
    Tenant.objects.update(suspended=True)
    assert shadow_run.wake_due() == 0


def test_one_comparison_of_a_connection_goes_on_at_a_time(acme: Acme) -> None:
    run = typed(acme)
    assert shadow_run.start(acme.connection, None) == run
    with pytest.raises(IntegrityError):
        ShadowRun.objects.create(tenant=run.tenant, connection=run.connection, since=run.since, due_at=database_now())


def test_a_person_stops_it_and_it_goes_on_behind_what_was_read(acme: Acme, woken: list[int]) -> None:
    run = typed(acme)
    one_page(run)
    shadow_run.stop(run)
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.documents, run.all_read) == ("stopped", 2, False)
    before = acme.exact_calls("*SalesInvoices*")
    shadow_run.resume(run)
    assert woken == [run.pk, run.pk]
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, acme.exact_calls("*SalesInvoices*")) == ("done", before)
    shadow_run.resume(run)
    run.refresh_from_db()
    assert run.state == "done"


def test_an_older_one_does_not_go_on_beside_another(acme: Acme) -> None:
    run = typed(acme)
    shadow_run.stop(run)
    newer = shadow_run.start(acme.connection, None)
    shadow_run.resume(run)
    run.refresh_from_db()
    assert (run.state, shadow_run.latest(acme.connection)) == ("stopped", newer)


def test_only_shadow_mode_and_drafts_are_compared(acme: Acme) -> None:
    with pytest.raises(shadow_run.Refused, match="not in shadow mode"):
        shadow_run.start(acme.connection, None)
    acme.configure(mode="shadow")
    with pytest.raises(shadow_run.Refused, match="no draft"):
        shadow_run.start(Connection.objects.get(), None)


def test_a_limit_lets_it_wait_and_five_failures_end_it(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run, until = typed(acme), database_now()

    def limited(*_: object) -> None:
        raise errors.RateLimited("wait", until=until, scope="day", endpoint="x")

    monkeypatch.setattr(shadow_run, "sales_page", limited)
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.due_at, run.failures) == ("running", until, 0)

    def away(*_: object) -> None:
        raise errors.Unavailable("away", endpoint="x")

    monkeypatch.setattr(shadow_run, "sales_page", away)
    for _again in range(long_runs.MOST_FAILURES):
        ShadowRun.objects.filter(state="running").update(due_at=until)
        shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("trouble", "call_failed")


def test_a_missing_right_and_a_fault_of_ours_say_why_it_stands_still(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = typed(acme)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "GET", "*salesinvoice*")
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("trouble", "right_missing")
    shadow_run.resume(run)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(shadow_run, "result_of", broken)
    shadow_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("trouble", "try_stopped")


def test_old_ones_are_removed(acme: Acme) -> None:
    run = typed(acme)
    assert shadow_run.remove_old() == 0
    ShadowRun.objects.update(created_at=database_now() - shadow_run.KEPT)
    assert shadow_run.remove_old() == 1
    assert not ShadowRun.objects.filter(pk=run.pk).exists()
