"""The day of booking: order 1001 is of 5 January 2026; periods are months, and today is in some later one."""

from datetime import date
from typing import Any

import pytest

from connector.domain.document.result import Problem
from connector.domain.timing.periods import Calendar, Span, booking_day
from connector.models import Division, MasterData
from connector.problems.catalogue import sentence
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, PRINT, again, post, pull

JANUARY, FEBRUARY = (2026, 1), (2026, 2)


def office(acme: Acme) -> Any:
    return acme.sandbox.exact.divisions[DIVISION]


def first_open(acme: Acme) -> None:
    acme.connection.closed_period = "first_open"
    acme.connection.save()


def test_a_missing_period_is_found_without_a_call(acme: Acme) -> None:
    MasterData.objects.filter(kind="period", code="2026-1").delete()
    before = acme.exact_calls()
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", "period")
    assert "no financial period for 2026-01-05" in document.message
    assert acme.exact_calls() == before


def test_the_next_pull_adds_a_missing_period(acme: Acme) -> None:
    test_a_missing_period_is_found_without_a_call(acme)
    pull(acme)
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_a_division_whose_periods_may_not_be_read_is_not_held_for_them(acme: Acme) -> None:
    MasterData.objects.filter(kind="period").delete()
    assert post(acme).state == "posted"


def test_a_closed_period_costs_one_error_and_no_more(acme: Acme) -> None:
    office(acme).closed_periods = {JANUARY}
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", "period")
    assert "open in Exact, not printed" in document.message
    assert Division.objects.get(code=DIVISION).closed_periods == [["2026-01-01", "2026-01-31"]]
    before = acme.exact_calls()
    later = post(acme, 1002)
    assert (later.state, later.reason) == ("blocked", "period")
    assert "counts as closed" in later.message
    assert acme.exact_calls() == before


def test_opened_in_exact_it_counts_again_after_the_next_pull(acme: Acme) -> None:
    test_a_closed_period_costs_one_error_and_no_more(acme)
    office(acme).closed_periods = set()
    pull(acme)
    acme.drain()
    assert acme.document(1002).state == "posted"  # it had no invoice yet, so it goes by itself
    assert again(acme, acme.document(1001)).state == "posted"
    assert acme.invoice(1001)["InvoiceDate"].date() == date(2026, 1, 5)


def test_the_first_open_day_is_taken_with_the_true_date_in_the_description(acme: Acme) -> None:
    first_open(acme)
    office(acme).closed_periods = {JANUARY, FEBRUARY}
    document = post(acme)
    assert document.state == "posted", document.message
    invoice = acme.invoice(1001)
    assert (invoice["InvoiceDate"].date(), invoice["OrderDate"].date()) == (date(2026, 3, 1), date(2026, 1, 5))
    assert invoice["Description"] == "Order 1001, 2026-01-05"
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1
    assert acme.sandbox.exact.calls.count("POST", PRINT) == 3  # January and February were refused
    post(acme, 1002)
    assert acme.sandbox.exact.calls.count("POST", PRINT) == 4  # and are not tried again
    assert acme.invoice(1002)["InvoiceDate"].date() == date(2026, 3, 1)


def test_without_finalising_the_day_of_the_order_cannot_act(acme: Acme) -> None:
    acme.connection.finalize = False
    acme.connection.save()
    MasterData.objects.filter(kind="period", code="2026-1").delete()
    assert post(acme).state == "posted"
    assert acme.invoice(1001)["Status"] == 20


def test_dated_by_posting_the_period_of_the_order_does_not_matter(acme: Acme) -> None:
    acme.connection.invoice_date = "post"
    acme.connection.save()
    office(acme).closed_periods = {JANUARY}
    assert post(acme).state == "posted"
    assert acme.invoice(1001)["InvoiceDate"].date() == office(acme).local_now().date()


MONTHS = tuple(Span(date(2026, month, 1), date(2026, month, 28)) for month in (1, 2, 3))
TODAY = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("wanted", "closed", "policy", "expected"),
    [
        (date(2026, 1, 5), (), False, date(2026, 1, 5)),
        (date(2026, 1, 5), MONTHS[:1], False, "counts as closed"),
        (date(2026, 1, 5), MONTHS[:1], True, date(2026, 2, 1)),
        (date(2026, 1, 5), MONTHS[:2], True, "No later period is known to be open yet"),
        (date(2026, 2, 10), MONTHS[1:2], True, "No later period is known to be open yet"),
        (date(2025, 12, 31), (), True, "no financial period for 31 Dec 2025"),
    ],
    ids=["open", "closed", "first open day", "both closed", "today's closed", "missing"],
)
def test_the_day_of_booking(wanted: date, closed: tuple[Span, ...], policy: bool, expected: date | str) -> None:
    found = booking_day(wanted, TODAY, Calendar(MONTHS, closed), first_open=policy)
    if isinstance(expected, str):
        assert isinstance(found, Problem)
        assert expected in sentence(found)
    else:
        assert found == expected


def test_where_periods_are_not_known_a_refusal_closes_the_calendar_month() -> None:
    assert Calendar().span_of(date(2026, 2, 10)) == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert Calendar().span_of(date(2026, 12, 31)) == Span(date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "text", ["Bestaat niet: Artikel Periode-kalender", "Invalid: Description (Fiscal year planner)"]
)
def test_a_product_that_is_called_a_period_closes_none(acme: Acme, text: str) -> None:
    acme.sandbox.exact.faults.add(f"500:{text}", "POST", CREATE)
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", "rejected")
    assert text in document.message
    assert Division.objects.get(code=DIVISION).closed_periods == []


@pytest.mark.parametrize("text", ["Periode is afgesloten: 2026 - 1", "Invalid: Period (Closed)"])
def test_the_text_of_a_closed_period_closes_it(acme: Acme, text: str) -> None:
    acme.sandbox.exact.faults.add(f"500:{text}", "POST", PRINT)
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", "period")
    assert Division.objects.get(code=DIVISION).closed_periods == [["2026-01-01", "2026-01-31"]]
