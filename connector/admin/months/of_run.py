"""The report of a run that compared a month: its tables, its charts, its certificate and its fingerprint."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.fit_result import names_of
from connector.admin.months.chart import DayFigures
from connector.admin.months.report import Cell, Days, Report, Row, Table
from connector.domain.document.reconcile import Bucket
from connector.domain.document.sums import TOLERANCE, Sum
from connector.domain.fit.outcome import VAT_CODE
from connector.domain.money import minor_digits, round_half_up, shortest
from connector.flow.actions import months
from connector.flow.order.chart import vat_code
from connector.flow.reconcile import other_form
from connector.models import Discrepancy, MasterData, ReconciliationRun
from connector.models.document_words import REASON_NAMES
from connector.problems import remedies

BUCKET_NAMES = {
    Bucket.POSTED: gettext_lazy("posted"),
    Bucket.CREDITED: gettext_lazy("credited"),
    Bucket.SKIPPED: gettext_lazy("skipped"),
    Bucket.HELD: gettext_lazy("held"),
    Bucket.WAITING: gettext_lazy("waiting"),
    Bucket.MISSING: gettext_lazy("missing"),
}
Figures = Mapping[str, Any]


def report_of(run: ReconciliationRun, later: Table | None = None) -> Report:
    """Return the report of a finished run, and what other runs found of its month that is open.

    `later` are the documents that came after the month was closed.
    """
    found = [*run.discrepancies.all(), *months.open_in(run.connection, run.first).exclude(run=run)]
    differences = sorted(found, key=lambda each: (each.state != Discrepancy.State.OPEN, each.order_id, each.pk))
    tables = [
        _differences(differences),
        _totals(run),
        _buckets(run),
        _by_rate(run),
        *_by_vat(run),
        _by("countries", _("By country"), _("Country"), run),
        _by("methods", _("By payment method"), _("Payment method"), run),
        *([later] if later else []),
    ]
    return Report(_title(run), _facts(run, differences), _certificate(run), tables, tuple(_days(run)))


def fingerprint(run: ReconciliationRun, differences: list[Discrepancy]) -> str:
    """Return the SHA-256 of what the report is made from, in hexadecimal: the period, the rules, the figures and the
    differences. The same comparison has the same fingerprint; one changed cent has another."""
    found = [
        [each.kind, each.order_id, each.reference, each.exact_id, each.expected, each.found, each.state, each.reason]
        for each in sorted(differences, key=lambda each: each.pk)
    ]
    made_from = {
        "store": run.connection.store.store_hash,
        "division": run.division.code,
        "period": [run.first.isoformat(), run.last.isoformat(), run.zone],
        "rules": run.rules.number if run.rules else 0,
        "figures": run.figures,
        "differences": found,
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _title(run: ReconciliationRun) -> str:
    period = date_format(run.first, "F Y") if _is_month(run) else f"{run.first} - {run.last}"
    return f"{period}: {run.connection}"


def _is_month(run: ReconciliationRun) -> bool:
    return run.first.day == 1 and (run.first.year, run.first.month) == (run.last.year, run.last.month)


def _facts(run: ReconciliationRun, differences: list[Discrepancy]) -> list[tuple[str, str]]:
    finished = run.finished_at.astimezone(ZoneInfo(run.zone)) if run.finished_at else None
    open_ones = sum(each.state == Discrepancy.State.OPEN for each in differences)
    return [
        (_("Period"), f"{run.first} - {run.last}, {run.zone}"),
        (_("Store"), f"{run.connection.store.name} ({run.connection.store.store_hash})"),
        (_("Division"), str(run.division)),
        (_("Compared"), f"{finished:%Y-%m-%d %H:%M} {run.zone}" if finished else ""),
        (_("By"), str(run.actor) if run.actor else _("the connector, by itself")),
        (_("Rules"), _("version %(number)s") % {"number": run.rules.number} if run.rules else _("none")),
        (_("Orders"), str(run.figures.get("orders", 0))),
        (_("Refunds"), str(run.figures.get("refunds", 0))),
        (_("Documents in Exact"), str(run.figures.get("documents", 0))),
        (_("Open differences"), str(open_ones)),
        *([(_("Not looked at"), unread)] if (unread := other_form.in_words(run.figures)) else []),
        (_("Made from (SHA-256)"), fingerprint(run, differences)),
    ]


def _certificate(run: ReconciliationRun) -> str:
    if not months.is_complete(run):
        return ""
    return _(
        "Complete: each of the %(orders)s orders and %(refunds)s refunds is accounted for, each document that is due "
        "is in Exact once, and no amount, VAT, currency, account, date or state differs without a reason."
    ) % {"orders": run.figures["orders"], "refunds": run.figures["refunds"]}


def _buckets(run: ReconciliationRun) -> Table:
    rows = [
        Row((str(BUCKET_NAMES[bucket]), str(REASON_NAMES.get(reason, reason)), count), bucket is Bucket.MISSING)
        for bucket in Bucket
        for reason, count in sorted(run.figures.get("buckets", {}).get(bucket.value, {}).items())
    ]
    return Table(_("Orders and refunds of the store"), (_("Where"), _("Reason"), _("Count")), tuple(rows), _("None."))


def _sides(run: ReconciliationRun) -> Iterator[tuple[str, Figures, Figures]]:
    """The figures of the store and of Exact, by currency."""
    store, exact = (run.figures.get(side, {}) for side in ("store", "exact"))
    for currency in sorted({*store, *exact}):
        yield currency, store.get(currency, {}), exact.get(currency, {})


def _totals(run: ReconciliationRun) -> Table:
    rows: list[Row] = []
    for currency, store, exact in _sides(run):
        ours, theirs = _sum(store), _sum(exact)
        rows.append(_row((currency, _("documents")), (ours.count, theirs.count), (theirs.count - ours.count,)))
        for name, mine, other in (
            (_("net"), ours.net, theirs.net),
            (_("VAT"), ours.vat, theirs.vat),
            (_("gross"), ours.gross, theirs.gross),
        ):
            rows.append(_row((currency, name), _money(currency, mine, other), _money(currency, other - mine)))
    columns = (_("Currency"), _("What"), _("Store"), _("Exact"), _("Difference"))
    return Table(_("Both sides"), columns, tuple(rows), _("Nothing was sold and nothing is booked."))


def _by_rate(run: ReconciliationRun) -> Table:
    """VAT by its rate: the codes of one rate added up. What has no code, or one that the division lost, is apart."""
    codes = MasterData.objects.filter(division=run.division_id, kind=MasterData.Kind.VAT_CODE)
    rates = {row.code: vat_code(row).rate for row in codes}
    rows: list[Row] = []
    for currency, store, exact in _sides(run):
        ours, theirs = (_added_up(side.get("codes", {}), rates) for side in (store, exact))
        for rate in sorted({*ours, *theirs}, key=lambda each: (each is None, each)):
            name = "-" if rate is None else f"{number_format(shortest(rate))} %"
            rows.append(_vat_row((currency, name), ours.get(rate, Sum()), theirs.get(rate, Sum())))
    return Table(_("By VAT rate"), (_("Currency"), _("Rate"), *_vat_columns()), tuple(rows))


def _added_up(codes: Figures, rates: Mapping[str, Decimal]) -> dict[Decimal | None, Sum]:
    found: dict[Decimal | None, Sum] = {}
    for code, figures in codes.items():
        each = _sum(figures)
        found.setdefault(rates.get(code), Sum()).add(each.gross, each.net, each.vat, each.count)
    return found


def _vat_columns() -> tuple[str, ...]:
    return _("Store, net"), _("Exact, net"), _("Store, VAT"), _("Exact, VAT")


def _by_vat(run: ReconciliationRun) -> list[Table]:
    """VAT by code, and by country and code."""
    names = names_of(run.connection)[VAT_CODE]

    def named(code: str) -> str:
        return f"{code} {names.get(code, '')}".strip()

    amounts = _vat_columns()
    by_code: list[Row] = []
    by_country: list[Row] = []
    for currency, store, exact in _sides(run):
        for code, ours, theirs in _pairs(store.get("codes", {}), exact.get("codes", {})):
            by_code.append(_vat_row((currency, named(code)), ours, theirs))
        ours_by, theirs_by = store.get("codes_by_country", {}), exact.get("codes_by_country", {})
        for country in sorted({*ours_by, *theirs_by}):
            for code, ours, theirs in _pairs(ours_by.get(country, {}), theirs_by.get(country, {})):
                by_country.append(_vat_row((currency, country or "-", named(code)), ours, theirs))
    return [
        Table(_("By VAT code"), (_("Currency"), _("VAT code"), *amounts), tuple(by_code)),
        Table(_("By country and VAT code"), (_("Currency"), _("Country"), _("VAT code"), *amounts), tuple(by_country)),
    ]


def _vat_row(names: tuple[str, ...], ours: Sum, theirs: Sum) -> Row:
    return _row(names, _money(names[0], ours.net, theirs.net), _money(names[0], ours.vat, theirs.vat))


def _by(part: str, title: str, name_of_part: str, run: ReconciliationRun) -> Table:
    rows = [
        _row((currency, name or "-"), (ours.count, theirs.count), _money(currency, ours.gross, theirs.gross))
        for currency, store, exact in _sides(run)
        for name, ours, theirs in _pairs(store.get(part, {}), exact.get(part, {}))
    ]
    columns = (_("Store, documents"), _("Exact, documents"), _("Store, gross"), _("Exact, gross"))
    return Table(title, (_("Currency"), name_of_part, *columns), tuple(rows))


def _differences(differences: list[Discrepancy]) -> Table:
    columns = (_("What differs"), _("Order"), _("Reference"), _("Number in Exact"), _("Expected"), _("Found"))
    rows = [
        Row(
            (
                each.get_kind_display(),
                str(each.order_id or "-"),
                each.reference,
                each.exact_number,
                each.expected,
                each.found,
                remedies.in_words(each.remedy),
                f"{_state(each)}{': ' if each.reason else ''}{each.reason}",
            ),
            each.state == Discrepancy.State.OPEN,
            reverse("admin:connector_ordersync_change", args=[each.document_id]) if each.document_id else "",
        )
        for each in differences
    ]
    return Table(_("Differences"), (*columns, _("What puts it right"), _("State")), tuple(rows), _("Nothing differs."))


def _state(each: Discrepancy) -> str:
    under_way = each.carried_out_at and each.state == Discrepancy.State.OPEN
    return _("Being put right") if under_way else each.get_state_display()


def _days(run: ReconciliationRun) -> Iterator[Days]:
    for currency, store, exact in _sides(run):
        known = {key for key in chain(store.get("days", {}), exact.get("days", {})) if key}
        span = (run.first + (date.resolution * offset) for offset in range((run.last - run.first).days + 1))
        days = sorted({*map(date.fromisoformat, known), *span})
        yield Days(
            currency,
            tuple(
                DayFigures(
                    day,
                    *_money(
                        currency,
                        *(_sum(side.get("days", {}).get(day.isoformat(), {})).gross for side in (store, exact)),
                    ),
                )
                for day in days
            ),
        )


def _pairs(store: Figures, exact: Figures) -> Iterator[tuple[str, Sum, Sum]]:
    for name in sorted({*store, *exact}):
        yield name, _sum(store.get(name, {})), _sum(exact.get(name, {}))


def _sum(figures: Figures) -> Sum:
    return Sum.from_json(figures) if figures else Sum()


def _money(currency: str, *amounts: Decimal) -> tuple[Decimal, ...]:
    return tuple(round_half_up(amount, minor_digits(currency)) for amount in amounts)


def _row(names: tuple[str, ...], *pairs: tuple[Cell, ...]) -> Row:
    """A row of pairs of figures: the store's, and Exact's. It differs when a pair does."""
    differs = any(len(pair) == 2 and abs(Decimal(pair[0]) - Decimal(pair[1])) >= TOLERANCE for pair in pairs)
    return Row((*names, *(cell for pair in pairs for cell in pair)), differs)
