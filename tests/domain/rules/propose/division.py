"""A division, what its latest invoices used and what a store sold, from a case's JSON."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Chart, Currency, GLAccount, Item, Journal, VatCode
from connector.domain.rules.propose.facts import Facts, Place, Sale, UsedLine

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def read_case(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text())
    return case


def facts_of(name: str) -> Facts:
    """The facts of the case of this name."""
    return read_facts(read_case(next(path for path in CASES if path.stem == name)))


def read_chart(division: Mapping[str, Any]) -> Chart:
    """GL accounts are `[name, type, use of cost centres]`, VAT codes `[name, percentage, type, more]`."""
    return Chart(
        country=division["country"],
        gl_accounts={
            code: GLAccount(f"id-{code}", code, name, use) for code, (name, _kind, use) in division["accounts"].items()
        },
        vat_codes={
            code: VatCode(code, name, Decimal(rate), kind, **(more[0] if more else {}))
            for code, (name, rate, kind, *more) in division["vat_codes"].items()
        },
        items={code: Item(f"id-{code}", code, name) for code, name in division["items"].items()},
        cost_centers=division.get("cost_centers", {}),
        payment_conditions={code: name for code, (name, _days) in division["conditions"].items()},
        journals={code: Journal(code) for code in division["journals"]},
        currencies={"EUR": Currency("EUR", decimals=2)},
    )


def read_facts(case: Mapping[str, Any]) -> Facts:
    division, sold = case["division"], case["sold"]
    return Facts(
        chart=read_chart(division),
        today=date(2026, 3, 2),
        inclusive=sold["inclusive"],
        currency="EUR",
        journal_names=division["journals"],
        layouts=tuple(division["layouts"]),
        account_types={code: kind for code, (_name, kind, _use) in division["accounts"].items()},
        revenue_of=division.get("revenue_of", {}),
        payment_days={code: days for code, (_name, days) in division["conditions"].items()},
        used=tuple(UsedLine(**line) for line in case["used"] for _ in range(line.pop("times", 1))),
        orders=sold["orders"],
        sales=tuple(_sale(sale) for sale in sold["lines"] for _ in range(sale.pop("times", 1))),
        payments=sold["payments"],
        vat_fields=sold.get("vat_fields", {}),
    )


def _sale(sale: Mapping[str, Any]) -> Sale:
    rate = sale.get("rate")
    return Sale(
        **{
            **sale,
            "kind": LineKind(sale.get("kind", "product")),
            "place": Place(sale["place"]),
            "rate": None if rate is None else Decimal(rate),
        }
    )
