"""One order, with the settings, rules and master data that decide its invoice."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.choices import GiftCertificates, PostingSettings
from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Problem, problem
from connector.domain.money import minor_digits, shortest, smallest_unit
from connector.domain.order.model import LineKind, Order, OrderLine
from connector.domain.order.vat_area import NORTHERN_IRELAND, in_eu, is_carved_out, vat_area
from connector.domain.order.vat_number import read_vat_number, vat_number_country
from connector.domain.rules.chart import Chart
from connector.domain.rules.rule_book import (
    Facts,
    MappingRule,
    PaymentRule,
    RuleBook,
    VatRule,
    first_match,
    undecided,
    unread,
)


@dataclass(frozen=True, slots=True)
class TranslationContext:
    """The order, the connection's settings and rules, and the division's master data."""

    order: Order
    settings: PostingSettings
    rules: RuleBook
    chart: Chart

    @property
    def digits(self) -> int:
        """The decimals of the order's amounts in Exact: its currency's, or fewer where the order needs no more."""
        own = minor_digits(self.order.currency)
        return min(own, self.kept_digits) if self.order.in_whole_units else own

    @property
    def kept_digits(self) -> int:
        """The decimals that Exact keeps of the order's currency; 2 when Exact does not say."""
        currency = self.chart.currencies.get(self.order.currency)
        return 2 if currency is None or currency.decimals is None else currency.decimals

    @property
    def charged_digits(self) -> int:
        """The decimals to which the shop rounded the order's amounts: none where it charges in whole forints."""
        return 0 if self.order.in_whole_units else self.digits

    @property
    def charged_unit(self) -> Decimal:
        """The smallest amount that the shop charges: 0.01 for EUR, 1 where it charges in whole forints."""
        return smallest_unit(self.charged_digits)

    @property
    def order_facts(self) -> Facts:
        """What rules can ask about the order as a whole."""
        order = self.order
        country = (order.ship_to[0] if order.ship_to else order.billing).country
        return {
            "country": country,
            "currency": order.currency,
            "channel": order.channel,
            "customer_group": order.customer_group,
            "payment_method": order.payment_method,
            "b2b": "true" if self.vat_number else "false",
        }

    @property
    def vat_number(self) -> str:
        """The customer's EU VAT number, if its form and its check digits are right, else ""."""
        return read_vat_number(self.order, self.settings.vat_number_fields)

    def vat_area(self, line: OrderLine) -> str:
        """Return the VAT area in which the line is taxed: that of its destination; for downloads the customer's.

        A seller in the United Kingdom sells to Northern Ireland at home.
        """
        area = vat_area(line.ship_to, goods=not line.digital)
        return self.chart.country if (area, self.chart.country) == (NORTHERN_IRELAND, "GB") else area

    def area_of_its_own(self, line: OrderLine) -> str:
        """Return the line's VAT area when no rule for the country of its address applies there, else ""."""
        area = self.vat_area(line)
        return area if is_carved_out(area, line.ship_to.country) else ""

    def is_abroad_in_eu(self, line: OrderLine) -> bool:
        """Whether the line goes from one member state to another."""
        area, home = self.vat_area(line), self.chart.country
        return area != home and in_eu(area) and in_eu(home)

    def is_outside_eu(self, line: OrderLine) -> bool:
        """Whether the line goes outside both the seller's country and the EU."""
        area = self.vat_area(line)
        return bool(area) and area != self.chart.country and not in_eu(area)

    def is_reverse_charge(self, line: OrderLine) -> bool:
        """Whether the line goes to a business of another member state, which may owe the VAT itself."""
        if not self.is_abroad_in_eu(line):
            return False
        number = self.vat_number
        return bool(number) and vat_number_country(number) != self.chart.country

    def line_facts(self, line: OrderLine) -> Facts:
        """Return what rules can ask about a line. `with_rate` adds its VAT rate."""
        return {
            **self.order_facts,
            "line": line.kind.value,
            "digital": "true" if line.digital else "false",
            "country": line.ship_to.country,
            "state": line.ship_to.state,
            "postcode_prefix": line.ship_to.postcode,
            "sku": line.sku,
            "category": line.category,
            "brand": line.brand,
            "pickup_location": line.ship_to.pickup_location,
            "tax_class": self._tax_class(line),
        }

    def vat_facts(self, line: OrderLine) -> Facts:
        """Return what VAT rules can ask about a line. Its country may be the VAT area or the address's country."""
        area, country = self.vat_area(line), line.ship_to.country
        return {**self.line_facts(line), "country": country if area == country else (area, country)}

    def vat_rules(self, line: OrderLine) -> tuple[VatRule, ...]:
        """Return the VAT rules that may apply to the line.

        A rule for a country does not apply to an area outside the country's VAT, unless it names that area, or
        postcodes.
        """
        area, country = self.vat_area(line), line.ship_to.country
        if not is_carved_out(area, country):
            return self.rules.vat
        return tuple(
            rule
            for rule in self.rules.vat
            if "postcode_prefix" in rule.when or area.casefold() in rule.when.get("country", (area.casefold(),))
        )

    def mapping_rule(self, line: OrderLine) -> MappingRule | None:
        """Return the first mapping rule that fits the line. A line that is no supply needs a rule with its kind."""
        return first_match(self._mapping_rules(line), self.line_facts(line))

    def unread_for_order(self) -> frozenset[Detail]:
        """Return the details that decide which payment rule applies, and that were not read yet."""
        return _unread(self.rules.payment, self.order_facts)

    def unread_for_line(self, line: OrderLine) -> frozenset[Detail]:
        """Return the details that decide which mapping rule fits the line, and that were not read yet."""
        return _unread(self._mapping_rules(line), self.line_facts(line))

    def is_no_supply(self, line: OrderLine) -> bool:
        """Whether the line is no supply: it has no VAT, and a rule for all lines does not apply to it.

        A multi-purpose gift certificate is a debt to its bearer. A rule for all lines would book it as turnover.
        """
        if line.kind is LineKind.GIFT_CERTIFICATE:
            return self.settings.gift_certificates == GiftCertificates.MULTI
        return line.kind in {LineKind.ROUNDING, LineKind.TAX}

    def _mapping_rules(self, line: OrderLine) -> tuple[MappingRule, ...]:
        if self.is_no_supply(line):
            return tuple(rule for rule in self.rules.mapping if "line" in rule.when)
        return self.rules.mapping

    def _tax_class(self, line: OrderLine) -> tuple[str, ...] | None:
        """The tax class by id and name; None when the tax table was not read or does not have the product."""
        if self.order.taxes is None:
            return None
        from_table = tuple(text for row in self.order.taxes if row.line_key == line.key for text in row.tax_class)
        if not from_table and line.kind is LineKind.PRODUCT and line.gross:
            return None
        return (line.tax_class, *from_table)

    def with_version(self, rule: str) -> str:
        """Return a rule's name with the version of the rules: `rule 20, version 3`. A draft keeps it with each line."""
        return f"{rule}, version {self.rules.version}"


def _unread(rules: Iterable[MappingRule | PaymentRule], facts: Facts) -> frozenset[Detail]:
    rule = undecided(rules, facts)
    return frozenset(Detail(key) for key in unread(rule.when, facts)) if rule else frozenset()


def with_rate(facts: Facts, rate: Decimal) -> Facts:
    """Return the facts with the line's VAT rate in percent."""
    return {**facts, "rate": shortest(rate)}


def line_problem(line: OrderLine, code: Code, /, **params: object) -> Problem:
    """Return a problem of one line. Its parameters name the line."""
    return problem(
        code, **{"line": line.key, "name": line.name, "kind": line.kind, "country": line.ship_to.country, **params}
    )


def rule_params(context: TranslationContext, rule: MappingRule | VatRule) -> dict[str, object]:
    """Return a problem's parameters that name the rule and its version."""
    kind = "vat" if isinstance(rule, VatRule) else "mapping"
    return {"rules": kind, "rule": rule.id, "version": context.rules.version}
