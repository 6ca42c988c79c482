"""Turns a division's master data into the domain's chart and calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.order.vat_area import iso_country
from connector.domain.rules.chart import Chart, Currency, GLAccount, Item, Journal, VatCode, decimals_of
from connector.domain.timing.periods import Calendar
from connector.models import Division, MasterData


@dataclass(frozen=True, slots=True)
class Codes:
    """A division's master data as last pulled. `templates` are Exact's ids of the invoice templates, by their names."""

    chart: Chart
    periods: Calendar  # without those that were refused since
    templates: Mapping[str, str]


def codes_of(division: Division) -> Codes:
    """Return the codes of a division. Makes one query."""
    rows = list(division.master_data.all())
    periods = [row.data for row in rows if row.kind == MasterData.Kind.PERIOD]
    templates = {row.code: row.exact_id for row in rows if row.kind == MasterData.Kind.LAYOUT}
    return Codes(chart_from(division.country, rows), Calendar.of(periods, ()), templates)


def chart_of(division: Division) -> Chart:
    """Return the chart of a division."""
    return chart_from(division.country, list(division.master_data.all()))


def chart_from(country: str, rows: list[MasterData]) -> Chart:
    """Return the chart of master data rows; `country` is the division's, ISO 3166-1 alpha-2."""
    by_kind: dict[str, list[MasterData]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)

    def of(kind: str) -> list[MasterData]:
        return by_kind.get(kind, [])

    def names(kind: str) -> dict[str, str]:
        return {row.code: row.name for row in of(kind) if not row.data.get("ended")}

    return Chart(
        country=country,
        gl_accounts={row.code: _gl_account(row) for row in of("gl_account")},
        vat_codes={row.code: vat_code(row) for row in of("vat_code")},
        items={row.code: _item(row) for row in of("item")},
        cost_centers=names("cost_center"),
        cost_units=names("cost_unit"),
        payment_conditions=names("payment_condition"),
        journals={row.code: _journal(row) for row in of("journal")},
        warehouses={row.code: row.exact_id for row in of("warehouse")},
        currencies={row.code: _currency(row) for row in of("currency")},
    )


def _gl_account(row: MasterData) -> GLAccount:
    return GLAccount(
        row.exact_id,
        row.code,
        row.name,
        int(row.data.get("use_cost_center") or 0),
        int(row.data.get("use_cost_unit") or 0),
        bool(row.data.get("blocked")),
    )


def _journal(row: MasterData) -> Journal:
    data = row.data
    return Journal(row.code, int(data.get("type") or 0), data.get("currency") or "", bool(data.get("blocked")))


def _currency(row: MasterData) -> Currency:
    return Currency(row.code, row.name, decimals_of(str(row.data.get("amount_precision") or "")))


def vat_code(row: MasterData) -> VatCode:
    """Return a VAT code of the division as the rules know it."""
    data = row.data
    return VatCode(
        code=row.code,
        name=row.name,
        percentage=Decimal(data.get("percentage") or "0"),
        type=data.get("type") or "E",
        oss_country=iso_country(data.get("oss_country") or ""),
        blocked=bool(data.get("blocked")),
        transaction_type=data.get("transaction_type") or "B",
        country=data.get("country") or "",
        eu_sales_listing=data.get("eu_sales_listing") or "",
    )


def _item(row: MasterData) -> Item:
    data = row.data
    return Item(
        row.exact_id,
        row.code,
        row.name,
        bool(data.get("is_sales", True)),
        bool(data.get("ended")),
        numbered=bool(data.get("serial") or data.get("batch")),
    )
