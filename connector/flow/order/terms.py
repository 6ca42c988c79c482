"""Loads the settings, rules and master data of a connection, with which the domain turns an order into a draft."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self, get_origin, get_type_hints

from connector.domain.choices import Choice, DocumentForm, ItemSettings, PostingSettings
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.translate import translate
from connector.domain.order.model import Order
from connector.domain.rules import rule_book as domain_rules
from connector.domain.rules.chart import Chart
from connector.domain.rules.due import why_not_due
from connector.domain.rules.filed import read_sku_items
from connector.domain.rules.rule_book import RuleBook, TaxAsLine
from connector.flow.order.chart import Codes, chart_of, codes_of
from connector.flow.order.known_items import with_known_items
from connector.models import Connection, Division, OrderSync, RuleVersion


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything of a connection that decides the draft of an order."""

    settings: PostingSettings
    rules: RuleBook
    version: RuleVersion | None
    chart: Chart
    division: Division | None = None

    def with_form(self, form: DocumentForm) -> Self:
        """Return the same terms for a document of this form."""
        return replace(self, settings=replace(self.settings, document=form))

    def for_any_day(self) -> Self:
        """Return the same terms for an order of any day, also of before the first one."""
        return replace(self, settings=replace(self.settings, start_date=None))

    def why_not_due(self, order: Order, now: datetime) -> Problem | None:
        """Return why no document is due, or None when one is."""
        return why_not_due(order, self.settings, now)

    def draft(self, order: Order) -> Draft | Held | Needs:
        """Return the draft, or what must be read first, or every problem at once. A product may have no item yet."""
        outcome = translate(order, self.settings, self.rules, self.chart)
        if self.division is None or not isinstance(outcome, Draft):
            return outcome
        return with_known_items(outcome, self.division, self.chart)


def terms_of(connection: Connection) -> Terms:
    """Load a connection's settings, its newest rules and its division's master data, with five queries."""
    version, rules = _newest_rules(connection)
    division = connection.division
    return Terms(settings_of(connection), rules, version, chart_of(division), division)


def _newest_rules(connection: Connection) -> tuple[RuleVersion | None, RuleBook]:
    version = connection.rule_versions.order_by("-number").first()
    return version, rules_of(version) if version else RuleBook(0)


@dataclass(slots=True)
class Remembered:
    """What a turn of a lane has loaded of rules and master data. It is loaded again when somebody has changed it.

    The rows that it is asked about were read for the present document, so they tell what is in force.
    """

    rules: dict[int, tuple[RuleVersion | None, RuleBook]] = field(default_factory=dict)  # by connection
    codes: dict[int, tuple[object, Codes]] = field(default_factory=dict)  # by division, with when they were pulled
    trusted: set[str] = field(default_factory=set)  # what verify saw in the cache

    def terms_of(self, connection: Connection, number: int) -> Terms:
        """Return the terms of a connection whose newest rules have this number; 0 is for none."""
        known = self.rules.get(connection.pk)
        if known is None or known[1].version != number:
            known = self.rules[connection.pk] = _newest_rules(connection)
        chart = self.codes_of(connection.division).chart
        return Terms(settings_of(connection), known[1], known[0], chart, connection.division)

    def codes_of(self, division: Division) -> Codes:
        """Return the codes of a division."""
        pulled = division.master_data_at, division.country, division.pull.get("done")  # list by list while it is read
        known = self.codes.get(division.pk)
        if known is None or known[0] != pulled:
            known = self.codes[division.pk] = pulled, codes_of(division)
        return known[1]


def settings_of(connection: Connection) -> PostingSettings:
    """Return the settings of a connection that the domain needs. Each is the column of its name."""
    return PostingSettings(
        prefix=connection.store.prefix,
        time_zone=connection.store.timezone,
        home_currency=connection.division.currency,
        items=ItemSettings(**_columns_of(ItemSettings, connection, prefix="item_")),
        **_columns_of(PostingSettings, connection),
    )


def _columns_of(
    settings: type[PostingSettings | ItemSettings], connection: Connection, prefix: str = ""
) -> dict[str, Any]:
    """Return the settings that are columns of the connection: those with the column's name less its prefix."""
    columns = {field.name for field in connection._meta.fields}
    kinds = {name: kind for name, kind in get_type_hints(settings).items() if prefix + name in columns}
    return {name: _as(kind, getattr(connection, prefix + name)) for name, kind in kinds.items()}


def _as(kind: Any, value: Any) -> Any:
    """Return a column's value as the domain has it: a choice as its enumeration, a list as a tuple or a set."""
    made = get_origin(kind) or kind
    return made(value) if isinstance(made, type) and issubclass(made, Choice | tuple | frozenset) else value


def settings_for(document: OrderSync) -> PostingSettings:
    """Return the settings for a document: those of its connection, with the document's form."""
    return replace(settings_of(document.connection), document=DocumentForm(document.form))


def rules_of(version: RuleVersion) -> RuleBook:
    """Return one version of the rules as the domain's rule book."""
    return RuleBook(
        version=version.number,
        mapping=tuple(
            domain_rules.MappingRule(
                id=str(rule.priority),
                priority=rule.priority,
                when=rule.when,
                gl_account=rule.gl_account,
                cost_center=rule.cost_center,
                cost_unit=rule.cost_unit,
                item=rule.item,
                vat_code=rule.vat_code,
                warehouse=rule.warehouse,
            )
            for rule in version.mapping_rules.all()
        ),
        vat=tuple(
            domain_rules.VatRule(
                id=str(rule.position),
                when=rule.when,
                code=rule.code,
                tax_as_line=TaxAsLine(**rule.tax_as_line) if rule.tax_as_line else None,
            )
            for rule in version.vat_rules.all()
        ),
        payment=tuple(
            domain_rules.PaymentRule(id=str(rule.position), when=rule.when, code=rule.code)
            for rule in version.payment_rules.all()
        ),
        sku_items=read_sku_items(version.sku_items),
    )
