"""The amounts of an invoice or an entry: VAT of its lines, totals, rate, and the faults that the settings add."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from connector.sandbox.exact.invoice_checks import CURRENCIES, VAT_CODES
from connector.sandbox.exact.state import Division, Row
from connector.sandbox.exact.texts import ApiError, invalid
from connector.sandbox.exact.vat import CENT, ZERO, VatLine, calculate, cents

FORCED_VAT_LIMIT = Decimal("0.05")
FORCED_VAT_LIMITS = {"HUF": Decimal(1)}  # no coins for less (assumed)


def price(division: Division, row: Row, lines: list[Row], sums: list[VatLine], day: datetime) -> None:
    """Compute amounts and VAT of lines and header. Raises ApiError when a VATAmountFC differs too much.

    An entry has a rate of its own; an invoice takes that of the day.
    """
    calculate(sums, division.vat_rounding)
    _put_off(division, sums)
    rate = row.get("Rate") or division.settings.rate(row["Currency"], day.date())
    for number, (line, money) in enumerate(zip(lines, sums, strict=True), start=1):
        forced = line.setdefault("Forced", line.get("VATAmountFC"))
        if forced is not None and not division.settings.keep_own_vat:
            if abs(forced - money.vat) > FORCED_VAT_LIMITS.get(row["Currency"], FORCED_VAT_LIMIT):
                raise ApiError(400, invalid("VATAmountFC"))
            money.force(cents(forced, money.unit))
        line.update(
            LineNumber=number,
            AmountFC=money.net,
            AmountDC=cents(money.net * rate),
            VATAmountFC=money.vat,
            VATAmountDC=cents(money.vat * rate),
            VATPercentage=money.rate if money.code else None,
        )
    net = sum((money.net for money in sums), ZERO)
    vat = sum((money.vat for money in sums), ZERO)
    row.update(
        AmountFC=net + vat,
        AmountFCExclVat=net,
        VATAmountFC=vat,
        AmountDC=cents((net + vat) * rate),
        VATAmountDC=cents(vat * rate),
    )


def vat_line(division: Division, line: Row, currency: str, quantity: Decimal, amount: Decimal) -> VatLine:
    """A line's price and VAT code. The line gets the code in the division's spelling."""
    unit = _unit(division, currency)
    code = division.by_code(VAT_CODES, line["VATCode"]) if line.get("VATCode") else None
    if code is None:
        return VatLine(quantity, amount, "", "", ZERO, unit=unit)
    line["VATCode"], line["VATCodeDescription"] = code["Code"], code["Description"]
    return VatLine(quantity, amount, code["Code"], code["Type"], code["Percentage"], unit=unit)


def spoil(division: Division, line: Row) -> None:
    """Add the faults of the settings to a line that was checked."""
    settings = division.settings
    if settings.nulled in line:
        line[settings.nulled] = None
    if settings.lost_vat_code and str(line.get("VATCode")).strip() == settings.lost_vat_code:
        line["VATCode"] = None


def next_number(division: Division, journal: object) -> int:
    """The next number, such as 26700001: two digits of the year, the journal's code, a count."""
    prefix = f"{division.local_now().year % 100:02d}{journal}"
    return division.number(f"invoice {prefix}", int(f"{prefix}0001"))


def midnight(moment: datetime) -> datetime:
    """The start of the day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _put_off(division: Division, sums: list[VatLine]) -> None:
    taxed = [money for money in sums if money.vat]
    if taxed and division.settings.vat_off:
        taxed[0].force(taxed[0].vat + division.settings.vat_off)


def _unit(division: Division, currency: str) -> Decimal:
    """The smallest amount of a currency: its AmountPrecision, taken as a step (assumed)."""
    row = division.get(CURRENCIES, currency)
    return CENT if row is None else Decimal(row["AmountPrecision"])
