"""What the ledger keeps of Exact's answer, so that people can compare it with the order and the draft."""

from datetime import date
from decimal import Decimal
from typing import Any

from connector.clients.exact.records import Invoice
from connector.domain.money import plain


def snapshot(
    invoice: Invoice, *, dated: date | None, number: str = "", printed: bool = False, accepted: bool = False
) -> dict[str, Any]:
    """Return a JSON object of the invoice: amounts as text in its currency, an ISO date, null for unknown values.

    `account` is Exact's id of the account, and `invoice_to` of the one that an invoice goes to. `home` is the amount
    with VAT in the division's currency.
    `number`, `printed` and `dated` come from the printing, which may change the number and the date. `accepted`: it was
    made by hand and taken as it is, whatever our rules would give; only what changes later is a difference.
    """
    return {
        "number": number or invoice.number,
        "account": invoice.ordered_by,
        **({"invoice_to": invoice.invoice_to} if invoice.invoice_to else {}),
        "date": dated.isoformat() if dated else None,
        "status": invoice.status,
        "printed": printed,
        "currency": invoice.currency,
        "net": _text(invoice.amount_excl),
        "vat": _text(invoice.vat_amount),
        "gross": _text(invoice.amount_fc),
        "home": _text(invoice.amount_dc),
        **({"accepted": True, "your_ref": invoice.your_ref} if accepted else {}),
        "lines": [
            {
                "description": line.description,
                "quantity": _text(line.quantity),
                "vat_code": line.vat_code,
                "gl_account": line.gl_account,
                "cost_center": line.cost_center,
                "net": _text(line.net),
                "vat": _text(line.vat),
            }
            for line in invoice.lines
        ],
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
