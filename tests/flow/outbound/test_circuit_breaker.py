"""Five refusals of an endpoint within an hour close it, long before Exact's ten block the app; one call opens it."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.clients import errors
from connector.clients.exact import accounts
from connector.clients.transport import Call, Upstream
from connector.flow.actions.connections import try_endpoint
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.outbound import circuit_breaker
from connector.flow.outbound.clients import LaneClients
from connector.models import Alert, Breaker, Division, OrderSync
from tests.acme import DIVISION, Acme

INVOICES = "salesinvoice/SalesInvoices"
WHY = "The cost centre is there now"
REFUSED = Call(Upstream.EXACT, "PUT", "crm/Accounts(guid)", 400, 5, "Rejected", detail="Nee")


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


def test_a_refused_read_for_no_order_does_not_keep_the_orders_out(strict: Acme) -> None:
    refuse(strict, times=5)
    ask(5)
    strict.ring(1001)
    strict.drain()
    pass_time(1)
    assert ask() == ["EndpointClosed"]
    strict.drain()
    assert strict.document(1001).state == "posted"
    assert ask() == ["well"]


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


def write_customers(acme: Acme, times: int = 1, document: OrderSync | None = None) -> list[str]:
    """Change an account so often, for no order unless one is given; returns what came of each write."""
    account_id = acme.sandbox.exact.add_account(DIVISION, Name="Vera Dijk", Status="C")
    clients = LaneClients(Division.objects.select_related("grant__tenant").get(), low_priority=True)
    clients.document = document
    reported = []
    for number in range(times):
        try:
            accounts.update_account(clients.exact, account_id, {"Phone": f"06{number:08}"})
        except errors.ClientError as error:
            reported.append(type(error).__name__)
        else:
            reported.append("well")
    return reported


def test_refused_customers_stop_before_the_endpoint_closes_and_a_new_customers_order_goes_on(strict: Acme) -> None:
    strict.sandbox.exact.faults.add("400:Ongeldig", "PUT", "*crm/Accounts*", times=-1)
    assert write_customers(strict, 7) == ["Rejected"] * circuit_breaker.FEW_ARE_LEFT + ["EndpointClosed"] * 3
    closed = Breaker.objects.get(endpoint="crm/Accounts")
    assert (closed.open_until, closed.refused, closed.documents) == (None, {}, [])
    strict.ring(1001)
    strict.drain()
    assert strict.document(1001).state == "posted"
    assert strict.sandbox.exact.calls.count("POST", "*crm/Accounts") == 1


def test_customers_that_are_not_clear_close_the_endpoint_for_customers_alone(strict: Acme) -> None:
    strict.sandbox.exact.faults.add("close_before", "PUT", "*crm/Accounts*", times=-1)
    unclear = ["OutcomeUnknown"] * circuit_breaker.MOST_UNCLEAR
    assert write_customers(strict, 5) == [*unclear, "EndpointClosed", "EndpointClosed"]
    assert "changes of customers to crm/Accounts of division" in Alert.objects.get(closed_at=None).text
    strict.ring(1001)
    strict.drain()
    assert strict.document(1001).state == "posted"


def test_errors_of_orders_and_of_customers_count_together_up_to_exacts_limit(strict: Acme) -> None:
    strict.sandbox.exact.faults.add("400:Ongeldig", "PUT", "*crm/Accounts*", times=-1)
    strict.ring(1001)
    strict.drain()
    document = strict.document(1001)
    assert write_customers(strict, 2, document) == ["Rejected"] * 2
    assert write_customers(strict, 5) == ["Rejected"] * 2 + ["EndpointClosed"] * 3
    several = [circuit_breaker.count(strict.connection.division, REFUSED, database_now()) for _time in range(4)]
    assert [bool(each.closed) for each in several] == [False, False, False, True]
    assert write_customers(strict, 1, document) == ["EndpointClosed"]


def test_an_order_is_not_said_to_share_its_cause_with_customers(strict: Acme) -> None:
    division, now = strict.connection.division, database_now()
    for _time in range(circuit_breaker.MOST_CLEAR):
        counted = circuit_breaker.count(division, REFUSED, now)
    assert counted.closed is not None
    strict.ring(1001)
    strict.drain()
    of_order = circuit_breaker.count(division, REFUSED, now, strict.document(1001))
    assert (of_order.closed, of_order.shared) == (None, False)


def test_customers_wait_while_the_endpoint_is_closed_and_go_on_when_it_may_open(strict: Acme) -> None:
    division = strict.connection.division
    row = Breaker.objects.create(
        division=division, endpoint="crm/Accounts", cause="a cause", open_until=database_now() + timedelta(hours=1)
    )
    assert write_customers(strict) == ["EndpointClosed"]
    pass_time(1)
    assert write_customers(strict) == ["well"]
    row.refresh_from_db()
    assert (row.cause, row.tried_at) == ("a cause", None)  # an order tries it
