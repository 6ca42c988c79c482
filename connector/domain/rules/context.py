"""One order together with everything that decides what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.choices import GiftCertificates
from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Problem, problem
from connector.domain.money import minor_digits, shortest
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
from connector.domain.rules.settings import PostingSettings


@dataclass(frozen=True, slots=True)
class TranslationContext:
    """The order, the connection's settings and rules, and the division's master data."""

    order: Order
    settings: PostingSettings
    rules: RuleBook
    chart: Chart

    @property
    def digits(self) -> int:
        """Decimals of the order's currency."""
        return minor_digits(self.order.currency)

    @property
    def minor_unit(self) -> Decimal:
        """The smallest amount of the order's currency: 0.01 for EUR."""
        return Decimal(1).scaleb(-self.digits)

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
        """Where the line is taxed: the VAT area of its destination, for downloads the customer's own.

        For a seller in the United Kingdom, Northern Ireland is home.
        """
        area = vat_area(line.ship_to, goods=not line.digital)
        return self.chart.country if (area, self.chart.country) == (NORTHERN_IRELAND, "GB") else area

    def is_abroad_in_eu(self, line: OrderLine) -> bool:
        """Whether it goes from one member state to another."""
        area, home = self.vat_area(line), self.chart.country
        return area != home and in_eu(area) and in_eu(home)

    def is_outside_eu(self, line: OrderLine) -> bool:
        """Whether it leaves both the seller's country and the EU."""
        area = self.vat_area(line)
        return bool(area) and area != self.chart.country and not in_eu(area)

    def is_reverse_charge(self, line: OrderLine) -> bool:
        """Whether it goes to a business of another member state, which may owe the VAT itself."""
        number = self.vat_number
        return self.is_abroad_in_eu(line) and bool(number) and vat_number_country(number) != self.chart.country

    def line_facts(self, line: OrderLine) -> Facts:
        """What rules can ask about a line; its VAT rate comes with `with_rate`."""
        return {
            **self.order_facts,
            "line": line.kind.value,
            "country": line.ship_to.country,
            "state": line.ship_to.state,
            "postcode_prefix": line.ship_to.postcode,
            "sku": line.sku,
            "category": line.category,
            "brand": line.brand,
            "tax_class": self._tax_class(line),
        }

    def vat_facts(self, line: OrderLine) -> Facts:
        """What VAT rules can ask about a line: its country is that of its VAT area as well."""
        area, country = self.vat_area(line), line.ship_to.country
        return {**self.line_facts(line), "country": country if area == country else (area, country)}

    def vat_rules(self, line: OrderLine) -> tuple[VatRule, ...]:
        """The VAT rules that may be meant for the line: one for a country is not for the areas outside its VAT.

        It is when it names the area, or a part of the country by postcode.
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
        """The first mapping rule that takes the line; what is no turnover needs one that names its kind."""
        return first_match(self._mapping_rules(line), self.line_facts(line))

    def order_unread(self) -> frozenset[Detail]:
        """What must be read before it is certain which payment rule applies."""
        return _unread(self.rules.payment, self.order_facts)

    def line_unread(self, line: OrderLine) -> frozenset[Detail]:
        """What must be read before it is certain which mapping rule takes the line."""
        return _unread(self._mapping_rules(line), self.line_facts(line))

    def is_no_supply(self, line: OrderLine) -> bool:
        """Whether the line sells nothing, so that neither a rule for any line nor VAT is for it.

        A gift certificate is a debt to its bearer: a rule for any line at all would book it as turnover.
        """
        if line.kind is LineKind.GIFT_CERTIFICATE:
            return self.settings.gift_certificates == GiftCertificates.MULTI
        return line.kind in {LineKind.ROUNDING, LineKind.TAX}

    def _mapping_rules(self, line: OrderLine) -> tuple[MappingRule, ...]:
        if self.is_no_supply(line):
            return tuple(rule for rule in self.rules.mapping if "line" in rule.when)
        return self.rules.mapping

    def _tax_class(self, line: OrderLine) -> tuple[str, ...] | None:
        """The class by id and name; None as long as the tax table was not read, or when it lacks the product."""
        if self.order.taxes is None:
            return None
        told = tuple(text for row in self.order.taxes if row.line_key == line.key for text in row.tax_class)
        if not told and line.kind is LineKind.PRODUCT and line.gross:
            return None
        return (line.tax_class, *told)

    def signed(self, rule: str) -> str:
        """A rule's name together with the version of the rules: `rule 20, version 3`."""
        return f"{rule}, version {self.rules.version}"


def _unread(rules: Iterable[MappingRule | PaymentRule], facts: Facts) -> frozenset[Detail]:
    rule = undecided(rules, facts)
    return frozenset(Detail(key) for key in unread(rule.when, facts)) if rule else frozenset()


def with_rate(facts: Facts, rate: Decimal) -> Facts:
    """The facts and the line's VAT rate in percent."""
    return {**facts, "rate": shortest(rate)}


def line_problem(line: OrderLine, code: Code, /, **params: object) -> Problem:
    """Return a problem of one line: which line it is stands among the parameters."""
    return problem(
        code, **{"line": line.key, "name": line.name, "kind": line.kind, "country": line.ship_to.country, **params}
    )


def rule_params(context: TranslationContext, rule: MappingRule | VatRule) -> dict[str, object]:
    """Say which rule of which version chose, for a problem's parameters."""
    kind = "vat" if isinstance(rule, VatRule) else "mapping"
    return {"rules": kind, "rule": rule.id, "version": context.rules.version}
