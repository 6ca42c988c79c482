"""A connection's settings, rules and master data from JSON: the Dutch division of nl.json, with changes.

What stands under `more` is added to the lists of its master data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

from connector.domain.choices import ItemSettings, PostingSettings
from connector.domain.document.result import Held, Needs
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.translate import translate
from connector.domain.order.model import Order
from connector.domain.order.read import read_order
from connector.domain.rules.chart import Chart, Currency, GLAccount, Item, Journal, VatCode
from connector.domain.rules.filed import read_rule_book
from connector.domain.rules.rule_book import RuleBook

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Books:
    settings: PostingSettings
    rules: RuleBook
    chart: Chart

    def translate(self, raw_order: Mapping[str, Any]) -> Draft | Held | Needs:
        return self.translate_order(read_order(raw_order))

    def translate_order(self, order: Order) -> Draft | Held | Needs:
        return translate(order, self.settings, self.rules, self.chart)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text())


def read_books(changes: Mapping[str, Any]) -> Books:
    base = read_json(HERE / "nl.json")
    data = base | changes
    chart = base["chart"] | changes.get("chart", {})
    for kind, more in changes.get("more", {}).items():
        chart[kind] = [*chart[kind], *more]
    settings = base["settings"] | changes.get("settings", {})
    settings["items"] = base["settings"]["items"] | settings["items"]
    return Books(_settings(settings), read_rule_book(data, data["version"]), _chart(chart))


def _settings(data: dict[str, Any]) -> PostingSettings:
    kinds = get_type_hints(PostingSettings)
    read = {name: kinds[name](value) for name, value in data.items() if isinstance(value, str)}
    read["items"] = ItemSettings(**data["items"])
    read["post_statuses"] = frozenset(data["post_statuses"])
    return PostingSettings(**data | read)


def _chart(data: Mapping[str, Any]) -> Chart:
    codes = [{**code, "percentage": Decimal(code["percentage"])} for code in data["vat_codes"]]
    named = [{"id": f"id-{each['code']}", "name": "", **each} for each in data["gl_accounts"]]
    items = [{"id": f"id-{each['code']}", "name": "", **each} for each in data["items"]]
    return Chart(
        country=data["country"],
        gl_accounts={each["code"]: GLAccount(**each) for each in named},
        vat_codes={each["code"]: VatCode(**{"name": "", **each}) for each in codes},
        items={each["code"]: Item(**each) for each in items},
        cost_centers={code: code for code in data["cost_centers"]},
        payment_conditions={code: code for code in data["payment_conditions"]},
        journals={each["code"]: Journal(**each) for each in data["journals"]},
        currencies={code: Currency(code, decimals=decimals) for code, decimals in data["currencies"].items()},
    )


def plain_order() -> Order:
    """Two mugs of 10.00 and 21 % VAT from a Dutch shop."""
    return read_order(read_json(HERE / "cases" / "plain" / "order.json"))
