"""The kinds of master data: their endpoints, the properties that are read, and what is kept.

Every property is in Exact's REST reference for its endpoint. None is used as a filter, because few may be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connector.clients.exact.wire import Row, decimal, integer, read_date, text
from connector.clients.strict_json import Unreadable, plain
from connector.clients.wording import marked as _


@dataclass(frozen=True, slots=True)
class MasterRecord:
    """One GL account, VAT code, item ... `data` holds texts, integers and booleans only. A layout has no code in
    Exact, so its name is its code."""

    kind: str
    code: str
    name: str
    exact_id: str
    data: dict[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class _Kind:
    """`fields`: our name -> (Exact's property, the function that reads it). "-" joins a `code` of several
    properties."""

    path: str
    fields: Mapping[str, tuple[str, Callable[[Row, str], str | int | bool | None]]] = field(default_factory=dict)
    code: str = "Code"
    name: str = "Description"
    id: str = "ID"
    division: str = "Division"

    @property
    def select(self) -> str:
        own = [self.id, self.code, self.name, self.division, *(name for name, _ in self.fields.values())]
        return ",".join(dict.fromkeys(name for name in own if name))


def _int(row: Row, key: str) -> int:
    return integer(row, key) or 0


def _bool(row: Row, key: str) -> bool:
    return row.get(key) is True


def _bool_or_none(row: Row, key: str) -> bool | None:
    value = row.get(key)
    return value if isinstance(value, bool) else None


def _true(row: Row, key: str) -> bool | None:
    """True for true and 1; else None, so that most records keep nothing of it."""
    return True if row.get(key) in (True, 1) else None


def _date(row: Row, key: str) -> str:
    found = read_date(row.get(key))
    return found.isoformat() if found else ""


def _digits(row: Row, key: str) -> str:
    """A number as Exact writes it. The reference does not say whether 2 or 0.01 means cents."""
    found = decimal(row, key)
    return "" if found is None else plain(found)


def _fixed_currency(row: Row, key: str) -> str:
    """A journal's currency if it allows no other; "" if the currency is only the default."""
    return "" if row.get("AllowVariableCurrency") is True else text(row, key)


def _percent(row: Row, key: str) -> str:
    """Exact's fraction as a percentage: 0.21 is "21"."""
    return plain(((decimal(row, key) or Decimal(0)) * 100).normalize())


KINDS: dict[str, _Kind] = {
    "gl_account": _Kind(
        "financial/GLAccounts",
        {
            "type": ("Type", _int),
            "use_cost_center": ("UseCostcenter", _int),
            "use_cost_unit": ("UseCostunit", _int),
            "blocked": ("IsBlocked", _bool),
            "vat_code": ("VATCode", text),
        },
    ),
    "cost_center": _Kind("hrm/Costcenters", {"end_date": ("EndDate", _date)}),
    "cost_unit": _Kind("hrm/Costunits", {"end_date": ("EndDate", _date)}),
    "vat_code": _Kind(
        "vat/VATCodes",
        {
            "percentage": ("Percentage", _percent),
            "type": ("Type", text),
            "blocked": ("IsBlocked", _bool),
            "oss_country": ("OssCountry", text),
            "transaction_type": ("VATTransactionType", text),
            "country": ("Country", text),
            "eu_sales_listing": ("EUSalesListing", text),
        },
    ),
    "journal": _Kind(
        "financial/Journals",
        {
            "type": ("Type", _int),
            "currency": ("Currency", _fixed_currency),
            "variable_currency": ("AllowVariableCurrency", _bool),
            "blocked": ("IsBlocked", _bool),
        },
    ),
    "payment_condition": _Kind("cashflow/PaymentConditions", {"payment_days": ("PaymentDays", _int)}),
    "layout": _Kind("salesinvoice/Layouts", {"type": ("Type", _int)}, code="Subject", name="Subject"),
    "item": _Kind(
        "logistics/Items",
        {
            "is_sales": ("IsSalesItem", _bool_or_none),
            "fractions": ("IsFractionAllowedItem", _bool),
            "vat_code": ("SalesVatCode", text),
            "gl_account": ("GLRevenueCode", text),
            "start_date": ("StartDate", _date),
            "end_date": ("EndDate", _date),
            "serial": ("IsSerialItem", _true),
            "batch": ("IsBatchItem", _true),
        },
    ),
    "currency": _Kind(
        "general/Currencies",
        {"amount_precision": ("AmountPrecision", _digits), "price_precision": ("PricePrecision", _digits)},
        id="",
        division="",
    ),
    "item_group": _Kind("logistics/ItemGroups"),
    "unit": _Kind("logistics/Units", {"active": ("Active", _bool_or_none)}),
    "warehouse": _Kind("inventory/Warehouses", {"main": ("Main", _true)}),
    "period": _Kind(
        "financial/FinancialPeriods",
        {"start": ("StartDate", _date), "end": ("EndDate", _date)},
        code="FinYear,FinPeriod",
        name="",
    ),
}
MAIL_LAYOUT = 2


def read_record(kind: str, row: Row, today: date) -> MasterRecord | None:
    """One row of a kind; None for a layout of e-mails, which prints no invoice. `ended` says whether the end date is
    before `today`. A property that Exact gives as null (`is_sales`), and a mark that is not set (`serial`, `batch`,
    `main`), is left out. Raises Unreadable for a row without its code."""
    shape = KINDS[kind]
    found = {name: read(row, key) for name, (key, read) in shape.fields.items()}
    data = {name: value for name, value in found.items() if value is not None}
    if kind == "layout" and data["type"] == MAIL_LAYOUT:
        return None
    if "end_date" in data:
        data["ended"] = "" < str(data["end_date"]) < today.isoformat()
    code = "-".join(filter(None, (text(row, part) for part in shape.code.split(","))))
    if not code:
        raise Unreadable(_("a record of %(path)s without %(code)s"), path=shape.path, code=shape.code)
    name, number = (text(row, key) if key else "" for key in (shape.name, shape.id))
    return MasterRecord(kind, code, name, number, data)
