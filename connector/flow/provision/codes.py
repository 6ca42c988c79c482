"""Whether every code in the file exists in its division, and may be used: all that do not are named at once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from connector.domain.chart import RECEIPT_JOURNALS, SALES_JOURNAL, Chart
from connector.flow.provision.far_side import FarSide
from connector.flow.provision.shape import Refused
from connector.flow.translate import chart_from, chart_of
from connector.models import Division, MasterData


def check(file: Mapping[str, Any], far_side: FarSide) -> None:
    """Raise Refused with every code that its division does not have."""
    problems = [
        problem
        for place, connection in enumerate(file["connections"])
        for problem in _connection(f"connections[{place}]", connection, file, far_side)
    ]
    if problems:
        raise Refused("\n".join(problems))


def rows(far_side: FarSide, code: int) -> list[MasterData]:
    """Return a division's master data, as just pulled, as rows that are not saved yet."""
    found = {(record.kind, record.code): record for record in far_side.master_data[code]}
    return [
        MasterData(
            kind=record.kind,
            code=record.code[:100],
            name=record.name[:255],
            exact_id=record.exact_id,
            data=record.data,
        )
        for record in found.values()
    ]


def _connection(path: str, connection: Mapping[str, Any], file: Mapping[str, Any], far_side: FarSide) -> Iterator[str]:
    division = connection["division"]
    chart, layouts = _chart(division, file, far_side)
    yield from _journal(f"{path}.journal", connection["journal"], chart, division)
    yield from _payments(f"{path}.payments", connection["payments"], chart, division)
    for where, kind, code in used(path, connection):
        known: Collection[str] = layouts if kind == "invoice template" else _known(chart, kind)
        if code and code not in known:
            yield f"{where}: division {division} has no {kind} {code!r}."
    for where, code in _vat_codes(path, connection):
        if code in chart.vat_codes and not chart.vat_codes[code].usable:
            yield f"{where}: VAT code {code!r} of division {division} is blocked or for purchases only."
    collective = connection["customers"]["collective_account"].strip()
    if collective and division in far_side.divisions and collective not in far_side.account_codes.get(division, set()):
        yield f"{path}.customers.collective_account: division {division} has no account {collective!r}."
    if "collective" in (connection["customers"]["strategy"], connection["customers"]["guests"]) and not collective:
        yield f"{path}.customers.collective_account is missing."


def _chart(code: int, file: Mapping[str, Any], far_side: FarSide) -> tuple[Chart, set[str]]:
    if code in far_side.divisions:
        pulled = rows(far_side, code)
        return chart_from(far_side.divisions[code].country, pulled), {
            row.code for row in pulled if row.kind == "layout"
        }
    division = Division.objects.get(grant__tenant__slug=file["tenant"]["slug"], code=code)
    layouts = division.master_data.filter(kind=MasterData.Kind.LAYOUT).values_list("code", flat=True)
    return chart_of(division), set(layouts)


def _journal(where: str, code: str, chart: Chart, division: int) -> Iterator[str]:
    journal = chart.journals.get(code)
    if journal is None:
        yield f"{where}: division {division} has no journal {code!r}."
    elif journal.type != SALES_JOURNAL:
        yield f"{where}: journal {code!r} of division {division} is no sales journal."


def _payments(where: str, payments: Mapping[str, str], chart: Chart, division: int) -> Iterator[str]:
    code = payments["journal"]
    if code and (code not in chart.journals or chart.journals[code].type not in RECEIPT_JOURNALS):
        yield f"{where}.journal: division {division} has no bank or payment-service journal {code!r}."


def _known(chart: Chart, kind: str) -> Collection[str]:
    return {
        "GL account": chart.gl_accounts,
        "cost centre": chart.cost_centers,
        "cost unit": chart.cost_units,
        "item": chart.items,
        "VAT code": chart.vat_codes,
        "payment condition": chart.payment_conditions,
    }[kind]


def used(path: str, connection: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every code of a connection but its journal: where it stands, of what kind it is, and the code or ""."""
    yield f"{path}.invoice_template", "invoice template", connection["invoice_template"]
    for name, code in connection["items"].items():
        if name != "strategy":
            yield f"{path}.items.{name}", "item", code
    yield f"{path}.rounding.gl_account", "GL account", connection["rounding"]["gl_account"]
    for name in ("receivable_account", "gift_certificate_account", "store_credit_account"):
        yield f"{path}.payments.{name}", "GL account", connection["payments"][name]
    for place, rule in enumerate(connection["rules"]):
        then, where = rule["then"], f"{path}.rules[{place}].then"
        yield f"{where}.gl_account", "GL account", then["gl_account"]
        yield f"{where}.cost_center", "cost centre", then["cost_center"]
        yield f"{where}.cost_unit", "cost unit", then["cost_unit"]
        yield f"{where}.item", "item", then["item"]
    for where, code in _vat_codes(path, connection):
        yield where, "VAT code", code
    for place, rule in enumerate(connection["vat"]):
        if own_line := rule["tax_as_line"]:
            yield f"{path}.vat[{place}].tax_as_line.item", "item", own_line["item"]
            yield f"{path}.vat[{place}].tax_as_line.gl_account", "GL account", own_line["gl_account"]
    for place, rule in enumerate(connection["payment_conditions"]):
        yield f"{path}.payment_conditions[{place}].code", "payment condition", rule["code"]


def _vat_codes(path: str, connection: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place, rule in enumerate(connection["vat"]):
        yield f"{path}.vat[{place}].code", rule["code"]
    for place, rule in enumerate(connection["rules"]):
        yield f"{path}.rules[{place}].then.vat_code", rule["then"]["vat_code"]
