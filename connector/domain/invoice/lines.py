"""From a line of the order to a line of the invoice: price, texts, and the amounts that Exact will compute."""

from decimal import Decimal

from connector.domain.choices import VatRounding
from connector.domain.document.lengths import shorten
from connector.domain.invoice.draft import DraftLine
from connector.domain.money import ZERO, round_half_up, shortest, tidy
from connector.domain.order.model import OrderLine
from connector.domain.rules.booking import Booking
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import VatChoice
from connector.domain.vat_arithmetic import Totals, with_known_vat, with_vat

_PRICE_DIGITS = 4
_ONE = Decimal(1)


def unit_price(amount: Decimal, quantity: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """Return a quantity and a price that give the amount to the cent; quantity 1 when no price of 4 decimals does."""
    price = tidy(round_half_up(amount / quantity, _PRICE_DIGITS), least=digits)
    if round_half_up(price * quantity, digits) == amount:
        return quantity, price
    return _ONE, amount


def draft_line(context: TranslationContext, line: OrderLine, booking: Booking, vat: VatChoice) -> DraftLine:
    """Return the invoice line. Its price includes VAT when its VAT code does. A sales entry is sent with its VAT."""
    code = vat.code
    amount = line.gross if code.includes_vat else line.net
    quantity, price = unit_price(amount, line.quantity, context.digits)
    predicted = with_vat(amount, code.rate, context.digits, included=code.includes_vat)
    forced = _forced_vat(context, line, code, predicted)
    if forced is not None:
        predicted = with_known_vat(amount, forced, included=code.includes_vat)
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
        item_rule=booking.item_rule,
        warehouse=booking.warehouse,
        vat_rule=vat.chosen_by,
        new_sku=line.sku if booking.item.new else "",
        new_name=shorten(line.name) if booking.item.new else "",
        vat_amount=predicted.vat if context.settings.is_entry and code.rate else forced,
    )


def _forced_vat(context: TranslationContext, line: OrderLine, code: VatCode, predicted: Totals) -> Decimal | None:
    """The shop's tax, where Exact would compute a cent more or less and the connection lets us force it.

    Where Exact rounds once per code, its VAT of one line is not known.
    """
    if not context.settings.force_vat or context.settings.rounding != VatRounding.LINE or not code.rate:
        return None
    return line.tax if ZERO < abs(line.tax - predicted.vat) <= context.charged_unit else None


def _notes(line: OrderLine, name: str, item_code: str) -> str:
    """What the description and the item do not say."""
    parts = (
        name if shorten(name) != name else "",
        f"SKU {line.sku}" if line.sku and line.sku != item_code else "",
        line.notes,
    )
    return "\n".join(part for part in parts if part)
