"""The report of a run: what differs comes first, both sides stand beside each other, and its fingerprint tells it."""

from datetime import date
from decimal import Decimal

import pytest

from connector.admin.months.of_run import report_of
from connector.admin.months.report import Report, Table
from connector.models import Discrepancy, ReconciliationRun
from tests.admin.months.runs import a_sum, compared, differs, side
from tests.factories import ConnectionFactory, MasterDataFactory

pytestmark = pytest.mark.django_db


def table(report: Report, title: str) -> Table:
    return next(each for each in report.tables if each.title == title)


def fingerprint(run: ReconciliationRun) -> str:
    return dict(report_of(run).facts)["Made from (SHA-256)"]


def test_the_fingerprint_changes_with_a_cent_with_a_difference_and_with_its_acceptance() -> None:
    run = compared(ConnectionFactory.create())
    found = [fingerprint(run), fingerprint(run)]
    assert found[0] == found[1]
    assert len(found[0]) == 64
    difference = differs(run)
    found.append(fingerprint(run))
    difference.state, difference.reason = Discrepancy.State.ACCEPTED, "A cent"
    difference.save()
    found.append(fingerprint(run))
    run.figures["exact"]["EUR"]["gross"] = "121.01"
    found.append(fingerprint(run))
    assert len(set(found)) == 4


def test_there_is_a_certificate_only_for_a_complete_month() -> None:
    connection = ConnectionFactory.create()
    assert report_of(compared(connection)).certificate.startswith("Complete: each of the 1 orders and 0 refunds")
    assert report_of(compared(connection, "121.01")).certificate == ""
    done = compared(connection)
    done.created_at = done.created_at.replace(year=2026, month=1, day=31, hour=12)
    assert report_of(done).certificate == ""


def test_what_another_run_found_of_the_month_is_listed_and_no_certificate_stands_beside_it() -> None:
    connection = ConnectionFactory.create()
    run, later = compared(connection), compared(connection, "121.01")
    later.first = later.last = date(2026, 2, 1)
    later.save()
    differs(later, carried_out_at=later.finished_at)
    report = report_of(run)
    assert report.certificate == ""
    assert [row.cells[-1] for row in table(report, "Differences").rows] == ["Being put right"]


def test_a_form_that_was_not_looked_at_is_named() -> None:
    run = compared(ConnectionFactory.create())
    assert "Not looked at" not in dict(report_of(run).facts)
    run.figures["refused"] = ["sales_entry"]
    assert dict(report_of(run).facts)["Not looked at"].startswith("sales entry: Exact refuses")


def test_what_is_open_stands_before_what_was_accepted() -> None:
    run = compared(ConnectionFactory.create())
    differs(run, order_id=1, reference="SHOP-1", state="accepted", reason="Agreed by mail")
    differs(run, order_id=2, reference="SHOP-2")
    rows = table(report_of(run), "Differences").rows
    assert [(row.cells[1], row.differs) for row in rows] == [("2", True), ("1", False)]
    assert rows[1].cells[-1] == "Accepted: Agreed by mail"


def test_a_row_differs_when_its_sides_do() -> None:
    report = report_of(compared(ConnectionFactory.create(), "121.01"))
    totals = {row.cells[1]: row for row in table(report, "Both sides").rows}
    assert totals["gross"].cells[2:] == (Decimal("121.00"), Decimal("121.01"), Decimal("0.01"))
    assert [name for name, row in totals.items() if row.differs] == ["gross"]
    assert [row.differs for row in table(report, "By payment method").rows] == [True]
    assert [row.differs for row in table(report, "By country and VAT code").rows] == [False]


def test_what_only_one_side_has_is_shown_with_nothing_on_the_other() -> None:
    run = compared(ConnectionFactory.create())
    run.figures["exact"] = {}
    rows = table(report_of(run), "By VAT code").rows
    assert [row.cells for row in rows] == [
        ("EUR", "2", Decimal("100.00"), Decimal("0.00"), Decimal("21.00"), Decimal("0.00"))
    ]
    assert rows[0].differs


def test_a_vat_code_is_shown_with_its_name_in_the_division() -> None:
    run = compared(ConnectionFactory.create())
    MasterDataFactory.create(division=run.division, kind="vat_code", code="2", name="High rate 21 %")
    assert table(report_of(run), "By VAT code").rows[0].cells[1] == "2 High rate 21 %"
    assert table(report_of(run), "By country and VAT code").rows[0].cells[2] == "2 High rate 21 %"


def test_vat_is_shown_by_its_rate_with_the_codes_of_one_rate_added_up() -> None:
    run = compared(ConnectionFactory.create())
    facts = {"division": run.division, "kind": "vat_code"}
    for code, rate, kind in (("2", "21", "E"), ("2I", "21.0", "I"), ("5", "21", "B"), ("4", "9", "E")):
        MasterDataFactory.create(code=code, data={"percentage": rate, "type": kind}, **facts)
    for its_side in ("store", "exact"):
        run.figures[its_side]["EUR"]["codes"] |= {
            "2I": a_sum("24.20", "20.00", "4.20"),
            "4": a_sum("10.90", "10.00", "0.90"),
            "5": a_sum("50.00", "50.00", "0.00"),  # the VAT is the buyer's
            "": a_sum("5.00", "5.00", "0.00"),
        }
    run.figures["exact"]["EUR"]["codes"]["4"] = a_sum("10.91", "10.00", "0.91")
    rows = table(report_of(run), "By VAT rate").rows
    assert [(row.cells[1], str(row.cells[2]), str(row.cells[4]), row.differs) for row in rows] == [
        ("0 %", "50.00", "0.00", False),
        ("9 %", "10.00", "0.90", True),
        ("21 %", "120.00", "25.20", False),
        ("-", "5.00", "0.00", False),
    ]


def test_a_currency_without_cents_is_shown_without_them() -> None:
    run = compared(ConnectionFactory.create())
    run.figures["store"] = run.figures["exact"] = {"JPY": side("1210", "1100", "110")["EUR"]}
    assert table(report_of(run), "Both sides").rows[-1].cells[2:] == (Decimal(1210), Decimal(1210), Decimal(0))
    assert str(table(report_of(run), "Both sides").rows[-1].cells[2]) == "1210"


def test_the_chart_has_every_day_of_the_month_and_a_day_beyond_that_has_money() -> None:
    run = compared(ConnectionFactory.create())
    run.figures["exact"]["EUR"]["days"]["2026-02-01"] = a_sum("5.00", "5.00", "0")
    (days,) = report_of(run).charts
    assert [each.day for each in days.days][::31] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert [each.day.day for each in days.days if each.differs] == [1]
    assert days.days[4].store == Decimal("121.00")
