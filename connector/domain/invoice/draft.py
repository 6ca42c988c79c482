"""The invoice that will be posted, before anything is sent. Amounts are in the order's currency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from connector.domain.choices import DocumentForm
from connector.domain.money import ZERO, plain
from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Chart

SALES_INVOICE, CREDIT_NOTE = 8020, 8021  # Exact's reference, SalesInvoices.Type
DIRECT_INVOICE, DIRECT_CREDIT_NOTE = 8023, 8024  # they move stock
SALES_ENTRY, CREDIT_ENTRY = 20, 21  # SalesEntries.Type
CREDIT_OF = {SALES_INVOICE: CREDIT_NOTE, SALES_ENTRY: CREDIT_ENTRY, DIRECT_INVOICE: DIRECT_CREDIT_NOTE}
TYPE_OF = {
    DocumentForm.SALES_INVOICE: SALES_INVOICE,
    DocumentForm.SALES_ENTRY: SALES_ENTRY,
    DocumentForm.DIRECT_INVOICE: DIRECT_INVOICE,
}
"""Exact's type of an invoice, by the form of the document."""
FORM_OF = {kind: form for form, invoice in TYPE_OF.items() for kind in (invoice, CREDIT_OF[invoice])}
"""The form of a document, by Exact's type of it."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One invoice line. `net`, `vat` and `gross` are what Exact will compute.

    `quantity` x `net_price` is its gross under a VAT code that includes VAT (`vat_type` I), else its net.
    `rule` and `vat_rule` name the rules that chose the codes: `rule 20, version 3`. `item_rule` says whether the table
    of SKUs chose the item. `warehouse` is the code of the one that the line's rule asks for.
    `vat_amount` is the VAT that is sent; None when Exact computes it. Lines of a sales entry have no item.
    `new_sku`: the item has no id yet; it is found or made for this SKU, with the name `new_name`.
    """

    key: str
    kind: LineKind
    item_id: str
    item_code: str
    description: str
    notes: str
    quantity: Decimal
    net_price: Decimal
    gl_account_id: str
    gl_account: str
    cost_center: str
    cost_unit: str
    vat_code: str
    vat_type: str
    vat_percentage: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    rule: str
    vat_rule: str
    vat_amount: Decimal | None = None
    item_rule: str = ""
    warehouse: str = ""
    new_sku: str = ""
    new_name: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The invoice. `net`, `vat` and `gross` are the predicted totals of Exact.

    `gross` is the order's total, less what was `redeemed`: paid by gift certificates whose VAT was paid at their sale.
    `type` is Exact's. A credit note has negative amounts, and `order_total` is what it credits.
    `order_date` is a day in the store's time zone. Without a `payment_condition` the customer's account decides.
    `notes` are for the person who reads the draft; they are not sent.
    `warehouse` is the code of the warehouse of a document that moves stock; "" leaves it to Exact, or moves none.
    """

    order_id: str
    reference: str
    order_date: date
    currency: str
    description: str
    payment_condition: str
    payment_reference: str
    journal: str
    remarks: str
    lines: tuple[DraftLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    order_total: Decimal
    type: int = SALES_INVOICE
    notes: str = ""
    redeemed: Decimal = ZERO
    warehouse: str = ""
    warehouse_id: str = ""

    @property
    def is_entry(self) -> bool:
        """Whether it is a sales entry, which is booked the moment it is sent."""
        return self.type in {SALES_ENTRY, CREDIT_ENTRY}

    @property
    def new_lines(self) -> tuple[DraftLine, ...]:
        """The lines whose item has no id yet."""
        return tuple(line for line in self.lines if line.new_sku)

    def with_items(self, ids: Mapping[str, str]) -> Self:
        """Return the draft with the ids of items that had none, by SKU."""
        found = (
            replace(line, item_id=ids[line.new_sku], new_sku="", new_name="") if line.new_sku in ids else line
            for line in self.lines
        )
        return replace(self, lines=tuple(found))

    @property
    def form(self) -> DocumentForm:
        """The form that it takes in Exact, as the connection's setting names it."""
        return FORM_OF[self.type]

    def to_json(self) -> dict[str, Any]:
        """Return the draft as a JSON object, with decimals and the date as text."""
        return _write(self) | {"lines": [_write(line) for line in self.lines]}

    def becomes_the_same_as(self, other: Self) -> bool:
        """Whether Exact would make the same invoice of both drafts. Which rules chose the codes does not count."""
        return _unsigned(self) == _unsigned(other)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read the draft that `to_json` wrote."""
        lines = tuple(DraftLine(**_read(DraftLine, line)) for line in data["lines"])
        return cls(**_read(cls, data) | {"lines": lines})


def eu_sales_code(draft: Draft, chart: Chart) -> str:
    """Return the first VAT code of the draft that is for the EU sales list; "" when none is. A free line needs no list.

    The buyer's VAT number is on that list, so the account must have it.
    """
    listed = {code.code for code in chart.vat_codes.values() if code.is_listed}
    return next((line.vat_code for line in draft.lines if line.gross and line.vat_code in listed), "")


def _unsigned(draft: Draft) -> Draft:
    return replace(
        draft, notes="", lines=tuple(replace(line, rule="", vat_rule="", item_rule="") for line in draft.lines)
    )


_READ: Mapping[object, Callable[[Any], Any]] = {
    Decimal: Decimal,
    Decimal | None: lambda text: None if text is None else Decimal(text),
    date: date.fromisoformat,
    int: int,
    LineKind: LineKind,
}


def _write(value: Draft | DraftLine) -> dict[str, Any]:
    return {field.name: _text(getattr(value, field.name)) for field in fields(value)}


def _text(value: object) -> object:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)


def _read(kind: type[Draft | DraftLine], data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the draft has; an old draft lacks the newer ones, which have defaults."""
    known = (field for field in fields(kind) if field.name in data)
    return {field.name: _READ.get(field.type, _same)(data[field.name]) for field in known}


def _same(value: object) -> object:
    return value
