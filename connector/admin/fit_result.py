"""What a try of the rules found, in words: money, names of codes, and where a cause is put right."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from connector.admin.documents.explanation import PAGE_NAMES, page_of
from connector.domain.document.result import Problem, from_json
from connector.domain.fit.outcome import COST_CENTER, GL_ACCOUNT, ITEM, VAT_CODE, WAREHOUSE
from connector.domain.money import minor_digits
from connector.models import Connection, MasterData, OrderSync
from connector.problems.catalogue import explain, sentence

SHOWN = 10  # orders of a cause


def money(amounts: Mapping[str, str]) -> str:
    """Write amounts by currency: `18,204.10 EUR`, or several with a plus between them."""
    return " + ".join(in_currency(value, currency) for currency, value in amounts.items()) or "0"


def in_currency(value: str | Decimal, currency: str) -> str:
    """Write one amount in the reader's language, with its currency."""
    return f"{number_format(Decimal(value), minor_digits(currency), force_grouping=True)} {currency}"


def titles() -> dict[str, str]:
    """Return the heading of each kind of code."""
    return {GL_ACCOUNT: _("GL account"), COST_CENTER: _("Cost centre"), VAT_CODE: _("VAT code")}


def titles_of_moves() -> dict[str, str]:
    """Return the heading of each kind of code between which rules move money."""
    return {**titles(), ITEM: _("Item"), WAREHOUSE: _("Warehouse")}


def names_of(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the names of the division's codes, by kind."""
    rows = MasterData.objects.filter(division=connection.division_id, kind__in=list(titles_of_moves()))
    found: dict[str, dict[str, str]] = {kind: {} for kind in titles_of_moves()}
    for kind, code, name in rows.values_list("kind", "code", "name"):
        found[kind][code] = name
    return found


def orders(ids: list[str]) -> str:
    """Write the numbers of orders, not more than fit in a line."""
    return ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")


def cause(connection: Connection, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the orders with one code, and where that is put right."""
    (problem,) = from_json([found])
    return {
        **notice(connection, problem, found["orders"][0]),
        "count": found["count"],
        "money": money(found["totals"]),
        "orders": orders(found["orders"]),
    }


def notice(connection: Connection, problem: Problem, order_id: str = "") -> dict[str, Any]:
    """Return a problem in words, who puts it right, and the address of the page and field."""
    explanation = explain(problem.code, problem.params)
    order = OrderSync(order_id=int(order_id)) if order_id and explanation.where == "bigcommerce" else None
    return {
        "text": sentence(problem),
        "who": explanation.who,
        "page": page_of(explanation, connection, order) if explanation.needs_person else "",
        "page_name": PAGE_NAMES.get(explanation.where, ""),
    }
