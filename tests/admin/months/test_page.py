"""The month's page: both sides beside each other, its files, and closing it."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from connector.flow.invoice.booking_date import today_of
from connector.flow.lane import wakeup
from connector.models import ClosedMonth, Connection, Delivery, ReconciliationRun
from tenants.models import Role
from tests.admin.months.runs import compared, differs
from tests.factories import ConnectionFactory, MembershipFactory, OrderSyncFactory
from tests.tenants.world import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    connection: Connection = ConnectionFactory.create(start_date=date(2025, 12, 1))
    return connection


def address(connection: Connection, month: str = "2026-01") -> str:
    return reverse("admin:connector_connection_month", args=[connection.pk, month])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def browser_of(connection: Connection, role: Role) -> Client:
    tenant = connection.store.tenant
    return logged_in(MembershipFactory.create(tenant=tenant, role=role).user, tenant)


@pytest.fixture
def accountant(connection: Connection) -> Client:
    return browser_of(connection, Role.ACCOUNTANT)


@pytest.fixture
def viewer(connection: Connection) -> Client:
    return browser_of(connection, Role.VIEWER)


def test_a_month_that_was_not_compared_says_so(connection: Connection, viewer: Client) -> None:
    page = text(viewer.get(address(connection)))
    assert "was not compared" in page
    assert "?as=pdf" not in page


def test_a_complete_month_shows_its_certificate_and_both_sides(connection: Connection, viewer: Client) -> None:
    compared(connection)
    page = text(viewer.get(address(connection)))
    assert 'data-complete="yes"' in page
    assert "Complete: each of the 1 orders" in page
    assert "PayPal" in page
    assert "Nothing differs." in page
    assert 'class="differs"' not in page


def test_a_difference_is_shown_with_both_figures_and_what_puts_it_right(connection: Connection, viewer: Client) -> None:
    run = compared(connection, "121.01")
    document = OrderSyncFactory.create(connection=connection)
    differs(run, document=document)
    page = text(viewer.get(address(connection)))
    assert 'data-complete="no"' in page
    for part in ("121.00 EUR", "121.01 EUR", "Put it right in Exact", "SHOP-1001"):
        assert part in page
    assert reverse("admin:connector_ordersync_change", args=[document.pk]) in page
    assert '<g class="differs">' in page  # the day's bars


def test_a_difference_that_another_months_run_found_stands_on_the_page_and_in_the_list(
    connection: Connection, accountant: Client
) -> None:
    compared(connection)
    months = reverse("admin:connector_connection_months", args=[connection.pk])
    later = compared(connection, "121.01")
    later.first = later.last = date(2026, 2, 1)
    later.save()
    assert "complete</td>" in text(accountant.get(months))
    differs(later)
    page = text(accountant.get(address(connection)))
    assert 'data-complete="no"' in page
    assert "Complete: each" not in page
    assert 'name="accept"' in page
    assert "complete</td>" not in text(accountant.get(months))


def test_a_month_that_was_compared_before_its_end_is_complete_so_far(connection: Connection, viewer: Client) -> None:
    compared(connection)
    ReconciliationRun.objects.update(created_at="2026-01-31T12:00Z")
    page = text(viewer.get(address(connection)))
    assert 'data-complete="no"' in page
    assert "So far nothing differs" in page


def test_the_newest_comparison_counts_and_one_of_other_days_does_not(connection: Connection, viewer: Client) -> None:
    compared(connection, "99.00")
    compared(connection)
    ReconciliationRun.objects.create(
        **{
            **{name: getattr(compared(connection), name) for name in ("tenant", "connection", "division", "zone")},
            "first": date(2026, 1, 1),
            "last": date(2026, 1, 20),
            "state": ReconciliationRun.State.FINISHED,
        }
    )
    assert 'data-complete="yes"' in text(viewer.get(address(connection)))


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_the_month_is_given_as_a_file(connection: Connection, viewer: Client, kind: str) -> None:
    compared(connection)
    answer: Any = viewer.get(address(connection), {"as": kind})
    assert answer["Content-Disposition"].endswith(f'-2026-01.{kind}"')
    content = b"".join(answer.streaming_content)
    read = {
        "csv": lambda: content.decode("utf-8-sig"),
        "pdf": lambda: "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages),
    }
    found = read[kind]()
    for part in ("January 2026", "Complete: each of the 1", "PayPal", "121.00"):
        assert part in found


def test_a_viewer_closes_nothing(connection: Connection, viewer: Client) -> None:
    assert viewer.post(address(connection), {"close": "1", "reason": "Because"}).status_code == 403
    assert not ClosedMonth.objects.exists()


def test_an_accountant_closes_a_complete_month_and_opens_it_again(connection: Connection, accountant: Client) -> None:
    run = compared(connection)
    accountant.post(address(connection), {"close": "1", "reason": ""})
    assert ClosedMonth.objects.get().run == run
    page = text(accountant.get(address(connection)))
    assert 'data-closed="yes"' in page
    assert "Nothing came later." in page
    accountant.post(address(connection), {"open": "1", "reason": "An invoice was forgotten"})
    assert ClosedMonth.objects.get().opened_because == "An invoice was forgotten"
    assert 'data-closed="yes"' not in text(accountant.get(address(connection)))


def test_a_month_that_is_not_complete_asks_for_a_reason(connection: Connection, accountant: Client) -> None:
    compared(connection, "121.01")
    page = text(accountant.post(address(connection), {"close": "1", "reason": ""}, follow=True))
    assert "Say why" in page
    assert not ClosedMonth.objects.exists()


def test_what_came_later_is_listed(connection: Connection, accountant: Client) -> None:
    accountant.post(address(connection), {"close": "1", "reason": "Filed"})
    OrderSyncFactory.create(
        connection=connection, order_id=987654, draft={"order_date": "2026-01-31"}, state="awaiting_approval"
    )
    OrderSyncFactory.create(
        connection=connection, order_id=876543, draft={"order_date": "2026-02-01"}, state="awaiting_approval"
    )
    page = text(accountant.get(address(connection)))
    assert "987654" in page
    assert "876543" not in page


def test_the_list_has_every_month_since_the_start(connection: Connection, viewer: Client) -> None:
    compared(connection)
    page = text(viewer.get(reverse("admin:connector_connection_months", args=[connection.pk])))
    assert address(connection) in page
    assert address(connection, "2025-12") in page
    assert address(connection, "2025-11") not in page
    assert "complete" in page


def test_differences_that_do_not_fit_on_a_page_are_on_the_next(
    connection: Connection, accountant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.admin.months.page.MOST_SHOWN", 2)
    run = compared(connection, "121.01")
    for order_id in (1001, 1002, 1003):
        differs(run, order_id=order_id, reference=f"SHOP-{order_id}")
    page = text(accountant.get(address(connection)))
    assert "Shown 1 to 2 of 3." in page
    assert page.count('name="accept"') == 2
    assert text(accountant.get(address(connection), {"d": "2"})).count('name="accept"') == 1


def test_what_came_later_is_cut_with_a_word_and_whole_in_the_files(
    connection: Connection, viewer: Client, accountant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.admin.months.page.MOST_LATER", 1)
    compared(connection)
    accountant.post(address(connection), {"close": "1", "reason": ""})
    for order_id in (987654, 987655):
        OrderSyncFactory.create(connection=connection, order_id=order_id, draft={"order_date": "2026-01-31"})
    page = text(viewer.get(address(connection)))
    assert "(1 of 2; the files have all)" in page
    assert "987655" not in page
    answer: Any = viewer.get(address(connection), {"as": "csv"})
    assert "987655" in b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("month", ["2026-13", "soon", "2026-1", "0001-01", "9999-12"])
def test_what_is_no_month_is_not_found(connection: Connection, viewer: Client, month: str) -> None:
    assert viewer.get(address(connection, month)).status_code == 404


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that a worker was woken for."""
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_comparison", found.append)
    return found


def test_an_accountant_has_the_month_compared_and_sees_how_far_it_is(
    connection: Connection, accountant: Client, woken: list[int]
) -> None:
    accountant.post(address(connection), {"compare": "1"})
    run = ReconciliationRun.objects.get()
    assert woken == [run.pk]
    assert (run.first, run.last) == (date(2026, 1, 1), date(2026, 1, 31))
    page = text(accountant.get(address(connection)))
    assert 'data-state="running"' in page
    assert 'http-equiv="refresh"' in page
    assert 'name="compare"' not in page


def test_a_comparison_that_stands_still_says_why_and_goes_on(
    connection: Connection, accountant: Client, woken: list[int]
) -> None:
    accountant.post(address(connection), {"compare": "1"})
    ReconciliationRun.objects.update(state="stopped", problem="BigCommerce is away.")
    page = text(accountant.get(address(connection)))
    assert "BigCommerce is away." in page
    assert 'http-equiv="refresh"' not in page
    accountant.post(address(connection), {"compare": "1"})
    assert len(woken) == 2
    assert ReconciliationRun.objects.get().state == "running"


def test_the_running_month_is_compared_up_to_today(
    connection: Connection, accountant: Client, woken: list[int]
) -> None:
    today = today_of(connection)
    accountant.post(address(connection, f"{today:%Y-%m}"), {"compare": "1"})
    run = ReconciliationRun.objects.get()
    assert (run.first, run.last) == (today.replace(day=1), today)


def test_a_difference_is_accepted_with_a_reason_and_stays_of_this_connection(
    connection: Connection, accountant: Client
) -> None:
    difference = differs(compared(connection, "121.01"))
    others = differs(compared(ConnectionFactory.create(), "121.01"))
    assert "Say why" in text(accountant.post(address(connection), {"accept": difference.pk, "reason": ""}, follow=True))
    accountant.post(address(connection), {"accept": difference.pk, "reason": "A cent"})
    for each in (difference, others):
        each.refresh_from_db()
    assert (difference.state, difference.reason) == ("accepted", "A cent")
    assert accountant.post(address(connection), {"accept": others.pk, "reason": "A cent"}).status_code == 404
    assert accountant.post(address(connection), {"accept": "x", "reason": "A cent"}).status_code == 404
    assert others.state == "open"


def test_the_connector_carries_out_what_it_can_and_says_what_it_cannot(
    connection: Connection, accountant: Client
) -> None:
    run = compared(connection, "121.01")
    differs(run)
    missing = differs(run, kind="missing_document", order_id=1002, reference="SHOP-1002", remedy="take_in", found="")
    page = text(accountant.get(address(connection)))
    assert page.count('name="carry_out"') == 1
    accountant.post(address(connection), {"carry_out": missing.pk, "reason": "It was hidden"})
    missing.refresh_from_db()
    assert (missing.state, missing.carried_out_at is not None) == ("open", True)
    assert "Being put right" in text(accountant.get(address(connection)))
    assert Delivery.objects.get(store=connection.store).order_id == 1002


def test_a_viewer_puts_nothing_right(connection: Connection, viewer: Client) -> None:
    difference = differs(compared(connection, "121.01"))
    page = text(viewer.get(address(connection)))
    assert 'name="accept"' not in page
    assert 'name="compare"' not in page
    for press in ({"accept": difference.pk}, {"carry_out": difference.pk}, {"compare": "1"}):
        assert viewer.post(address(connection), {**press, "reason": "Because"}).status_code == 403


def test_a_difference_is_given_to_a_person_of_the_organisation(connection: Connection, accountant: Client) -> None:
    difference = differs(compared(connection, "121.01"))
    ann = MembershipFactory.create(tenant=connection.store.tenant).user
    eve = MembershipFactory.create().user
    key = f"owner-{difference.pk}"
    assert accountant.post(address(connection), {"assign": difference.pk, key: eve.pk}).status_code == 404
    accountant.post(address(connection), {"assign": difference.pk, key: ann.pk})
    difference.refresh_from_db()
    assert difference.owner == ann
    page = text(accountant.get(address(connection)))
    assert f'<option value="{ann.pk}" selected>' in page
    accountant.post(address(connection), {"assign": difference.pk, key: ""})
    difference.refresh_from_db()
    assert difference.owner is None
