"""Five refusals of an endpoint within an hour close it, long before Exact's ten block the app; one call opens it."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.clients import errors
from connector.flow.actions.connections import try_endpoint
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.outbound import circuit_breaker
from connector.flow.outbound.clients import LaneClients
from connector.models import Alert, Breaker, Division
from tests.acme import Acme

INVOICES = "salesinvoice/SalesInvoices"
WHY = "The cost centre is there now"


@pytest.fixture
def strict(acme: Acme) -> Acme:
    """Exact counts errors, as it does."""
    acme.sandbox.exact.set(enforce_error_limit=True)
    return acme


def breaker() -> Breaker:
    return Breaker.objects.select_related("division__grant__tenant").get(endpoint=INVOICES)


def refuse(acme: Acme, times: int = -1) -> None:
    acme.sandbox.exact.faults.add("403:LicenseExpired", "*", "*SalesInvoices*", times=times)


def ask(times: int = 1) -> list[str]:
    """Look for an invoice so often; returns what came of each look."""
    exact = LaneClients(Division.objects.select_related("grant__tenant").get()).exact
    reported = []
    for _ in range(times):
        try:
            exact.find_invoices("NONE", 8020)
        except errors.ClientError as error:
            reported.append(type(error).__name__)
        else:
            reported.append("well")
    return reported


def pass_time(hours: float) -> None:
    """Let the hours pass, as far as the database knows of them."""
    passed = timedelta(hours=hours)
    for each in Breaker.objects.all():
        each.errors = [(datetime.fromisoformat(at) - passed).isoformat() for at in each.errors]
        each.open_until = each.open_until and each.open_until - passed
        each.tried_at = each.tried_at and each.tried_at - passed
        each.save()
    for division in Division.objects.exclude(closed_until=None):
        assert division.closed_until is not None
        Division.objects.filter(pk=division.pk).update(closed_until=division.closed_until - passed)


def test_the_fifth_refusal_closes_the_endpoint_for_an_hour(strict: Acme) -> None:
    refuse(strict)
    assert ask(7) == ["Forbidden"] * 5 + ["EndpointClosed"] * 2
    assert strict.exact_calls(f"*{INVOICES}*") == 5
    until = breaker().open_until
    assert until is not None
    assert timedelta(minutes=59) < until - database_now() <= timedelta(hours=1)


def test_it_is_reported_once_with_the_page_on_which_to_go_on(strict: Acme) -> None:
    mail.outbox.clear()
    refuse(strict)
    ask(7)
    alert = Alert.objects.get(closed_at=None)
    assert (INVOICES in alert.text, "5 calls" in alert.text) == (True, True)
    assert alert.page == f"/admin/connector/breaker/{breaker().pk}/change/"
    assert len(mail.outbox) == 1


def test_orders_wait_and_are_not_blocked_and_no_call_is_made_for_them(strict: Acme) -> None:
    refuse(strict)
    ask(5)
    before = (strict.exact_calls(), strict.store_calls())
    for order_id in (1001, 1002):
        strict.ring(order_id)
    strict.drain()
    assert {strict.document(n).state for n in (1001, 1002)} <= {"pending", "waiting"}
    assert (strict.exact_calls(), strict.store_calls()) == before


def test_another_endpoint_and_another_division_stay_open(strict: Acme) -> None:
    refuse(strict)
    ask(5)
    exact = LaneClients(Division.objects.select_related("grant__tenant").get()).exact
    assert exact.accounts_by_search_code("NOBODY") == []


def test_after_the_hour_one_call_is_tried_and_when_it_goes_well_the_others_follow(strict: Acme) -> None:
    refuse(strict, times=5)
    ask(5)
    pass_time(1)
    strict.ring(1001)
    strict.ring(1002)
    strict.drain()
    assert {strict.document(n).state for n in (1001, 1002)} == {"posted"}
    assert breaker().open_until is None
    assert not Alert.objects.filter(closed_at=None).exists()


def test_when_the_one_is_refused_the_pause_is_twice_as_long(strict: Acme) -> None:
    refuse(strict)
    ask(5)
    pass_time(1)
    assert ask(3) == ["Forbidden", "EndpointClosed", "EndpointClosed"]
    until = breaker().open_until
    assert until is not None
    assert timedelta(minutes=119) < until - database_now() <= timedelta(hours=2)


def test_while_one_is_being_tried_no_other_is(strict: Acme) -> None:
    refuse(strict, times=5)
    ask(5)
    pass_time(1)
    Breaker.objects.update(tried_at=database_now())
    assert ask() == ["EndpointClosed"]
    Breaker.objects.update(tried_at=database_now() - circuit_breaker.TRIAL)  # the worker that tried it died
    assert ask() == ["well"]


def test_a_refusal_leaves_the_note_alone_that_another_call_is_tried(acme: Acme) -> None:
    refuse(acme)
    ask()
    with CaptureQueriesContext(connection) as made:
        ask()
    (saved,) = [each["sql"] for each in made if each["sql"].startswith(f'UPDATE "{Breaker._meta.db_table}"')]
    assert '"errors"' in saved
    assert not any(f'"{name}"' in saved for name in ("tried_at", "open_until", "writes_only"))


def test_a_person_allows_one_call_before_the_hour_is_over(strict: Acme) -> None:
    refuse(strict, times=5)
    ask(5)
    strict.ring(1001)
    strict.drain()
    try_endpoint(breaker(), None, WHY)
    strict.drain()
    assert strict.document(1001).state == "posted"


def test_whatever_people_press_the_eleventh_error_never_happens(strict: Acme) -> None:
    refuse(strict)
    ask(5)
    refusals = 0
    for _ in range(10):
        try:
            try_endpoint(breaker(), None, WHY)
        except NotPossible:
            refusals += 1
        ask(2)
    assert refusals
    assert strict.exact_calls(f"*{INVOICES}*") <= 9
    assert not strict.sandbox.exact.limits.blocked


def test_errors_of_an_hour_ago_do_not_count(strict: Acme) -> None:
    refuse(strict)
    ask(4)
    pass_time(1.01)
    assert ask(5) == ["Forbidden"] * 5
    assert ask() == ["EndpointClosed"]


@pytest.mark.parametrize("was_write", [True, False])
def test_a_read_that_goes_well_says_nothing_of_a_write_that_was_refused(acme: Acme, *, was_write: bool) -> None:
    Breaker.objects.create(
        division=acme.connection.division, endpoint=INVOICES, cause="a cause", was_write=was_write, documents=[7]
    )
    assert ask() == ["well"]
    assert (breaker().documents == [7]) == was_write


def test_a_time_out_is_no_refusal(strict: Acme) -> None:
    strict.sandbox.exact.faults.add("close_before", "GET", "*SalesInvoices*", times=6)
    assert ask(6) == ["Unavailable"] * 6
    assert not Breaker.objects.exists()
