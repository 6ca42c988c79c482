"""What a store sold, as far as a mapping depends on it: where each line is taxed, at which rate, and to whom."""

from collections.abc import Iterable

from connector.domain.choices import PostingSettings
from connector.domain.money import shortest
from connector.domain.order.model import Order
from connector.domain.order.vat_area import EU
from connector.domain.order.vat_number import read_vat_number
from connector.domain.rules.chart import Chart
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.propose import hints
from connector.domain.rules.propose.facts import Place, Sale
from connector.domain.rules.rule_book import RuleBook, VatRule
from connector.domain.vat.destination import place
from connector.domain.vat.rates import charged_rate, is_free, usable_codes
from connector.domain.vat.split import split


def sales_of(order: Order, settings: PostingSettings, chart: Chart) -> Iterable[Sale]:
    """Yield the lines of an order that were paid for. `settings` name the form fields with a VAT number."""
    context = split(place(TranslationContext(order, settings, _home_rates_abroad(chart), chart)))
    for line in context.order.lines:
        if context.is_no_supply(line):
            yield Sale(line.kind, "", Place.HOME, None)
        elif not is_free(line):
            area = context.vat_area(line)
            home, abroad = area == chart.country, context.is_abroad_in_eu(line)
            yield Sale(
                line.kind,
                area,
                Place.HOME if home else Place.EU if abroad else Place.OUTSIDE,
                charged_rate(context, line),
                taxed=bool(line.tax),
                business=context.is_reverse_charge(line),
                digital=line.digital,
                sku=line.sku,
            )


def tells_its_rates(sales: Iterable[Sale]) -> bool:
    """Whether the rate of each line that was taxed as VAT is known without the order's tax table."""
    return all(sale.rate is not None or not sale.taxed or sale.place is Place.OUTSIDE for sale in sales)


def vat_fields_of(order: Order) -> set[str]:
    """Return the names of the billing address's form fields that ask for a VAT number, or have a valid one."""
    fields = order.billing.form_fields
    return {
        name.strip()
        for name, value in fields
        if name.strip() and (hints.says(name, hints.VAT_FIELD) or (value and read_vat_number(order, [name])))
    }


def _home_rates_abroad(chart: Chart) -> RuleBook:
    """Rules for member states without a code of their own: small sellers charge the VAT of their own country there."""
    codes = [code for code in usable_codes(chart) if code.rate and not code.oss_country and not code.is_listed]
    others = sorted(EU - {chart.country} - {code.oss_country for code in chart.vat_codes.values()})
    if not codes or not others or chart.country not in EU:
        return RuleBook(0)
    by_rate = {shortest(code.rate): code.code for code in codes}
    return RuleBook(
        0, vat=tuple(VatRule(rate, {"country": others, "rate": rate}, code) for rate, code in by_rate.items())
    )
