"""From an order's line to an invoice's: price, wording, and what Exact will make of it."""

from decimal import Decimal

from connector.domain.choices import VatRounding
from connector.domain.invoice.draft import DraftLine
from connector.domain.money import ZERO, round_half_up, shortest, tidy
from connector.domain.order.model import OrderLine
from connector.domain.rules.booking import Booking
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import VatChoice
from connector.domain.vat_arithmetic import Totals, given_vat, with_vat

DESCRIPTION_LENGTH = 60  # Exact states none; 60 is what its items take
_PRICE_DIGITS = 4
_ONE = Decimal(1)


def unit_price(amount: Decimal, quantity: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """Quantity and price that give the amount to the cent; quantity 1 if no price of four decimals does."""
    price = tidy(round_half_up(amount / quantity, _PRICE_DIGITS), least=digits)
    if round_half_up(price * quantity, digits) == amount:
        return quantity, price
    return _ONE, amount


def shorten(text: str) -> str:
    """The text, cut with an ellipsis where it is too long for a description."""
    return text if len(text) <= DESCRIPTION_LENGTH else text[: DESCRIPTION_LENGTH - 1].rstrip() + "…"


def draft_line(context: TranslationContext, line: OrderLine, booking: Booking, vat: VatChoice) -> DraftLine:
    """The invoice line; its price includes VAT when its code does. An entry's line always goes with its own VAT."""
    code = vat.code
    amount = line.gross if code.includes_vat else line.net
    quantity, price = unit_price(amount, line.quantity, context.digits)
    predicted = with_vat(amount, code.rate, context.digits, included=code.includes_vat)
    forced = _forced_vat(context, line, code, predicted)
    if forced is not None:
        predicted = given_vat(amount, forced, included=code.includes_vat)
    name = line.name if quantity == line.quantity else f"{shortest(line.quantity)} x {line.name}"
    return DraftLine(
        key=line.key,
        kind=line.kind,
        item_id=booking.item.id,
        item_code=booking.item.code,
        description=shorten(name),
        notes=_notes(line, name, booking.item.code),
        quantity=quantity,
        net_price=price,
        gl_account_id=booking.account.id,
        gl_account=booking.account.code,
        cost_center=booking.cost_center,
        cost_unit=booking.cost_unit,
        vat_code=code.code,
        vat_type=code.type,
        vat_percentage=code.rate,
        net=predicted.net,
        vat=predicted.vat,
        gross=predicted.gross,
        rule=booking.rule,
        vat_rule=vat.chosen_by,
        vat_amount=predicted.vat if context.settings.is_entry and code.rate else forced,
    )


def _forced_vat(context: TranslationContext, line: OrderLine, code: VatCode, predicted: Totals) -> Decimal | None:
    """The shop's tax, where Exact would come to the smallest amount more or less and the connection lets us say so.

    Where Exact rounds once per code, what it would make of one line's own VAT is not known.
    """
    if not context.settings.force_vat or context.settings.rounding != VatRounding.LINE or not code.rate:
        return None
    return line.tax if ZERO < abs(line.tax - predicted.vat) <= context.minor_unit else None


def _notes(line: OrderLine, name: str, item_code: str) -> str:
    """What the description and the item leave unsaid."""
    parts = (
        name if shorten(name) != name else "",
        f"SKU {line.sku}" if line.sku and line.sku != item_code else "",
        line.notes,
    )
    return "\n".join(part for part in parts if part)
