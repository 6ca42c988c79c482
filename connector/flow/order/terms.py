"""Loads the settings, rules and master data of a connection, with which the domain turns an order into a draft."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from connector.domain.choices import (
    CreditSign,
    DocumentForm,
    GiftCertificates,
    InvoiceDate,
    ItemStrategy,
    OrderRefundVat,
    VatRounding,
)
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.translate import translate
from connector.domain.order.model import Order
from connector.domain.rules import rule_book as domain_rules
from connector.domain.rules.chart import Chart
from connector.domain.rules.due import why_not_due
from connector.domain.rules.rule_book import RuleBook, TaxAsLine
from connector.domain.rules.settings import ItemSettings, PostingSettings
from connector.flow.order.chart import chart_of
from connector.models import Connection, OrderSync, RuleVersion


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything of a connection that decides the draft of an order."""

    settings: PostingSettings
    rules: RuleBook
    version: RuleVersion | None
    chart: Chart

    def with_form(self, form: DocumentForm) -> Self:
        """Return the same terms for a document of this form."""
        return replace(self, settings=replace(self.settings, document=form))

    def why_not_due(self, order: Order, now: datetime) -> Problem | None:
        """Return why no document is due, or None when one is."""
        return why_not_due(order, self.settings, now)

    def draft(self, order: Order) -> Draft | Held | Needs:
        """Return the draft, or what must be read first, or every problem at once."""
        return translate(order, self.settings, self.rules, self.chart)


def terms_of(connection: Connection) -> Terms:
    """Load a connection's settings, its newest rules and its division's master data, with five queries."""
    version = connection.rule_versions.order_by("-number").first()
    return Terms(
        settings=settings_of(connection),
        rules=rules_of(version) if version else RuleBook(0),
        version=version,
        chart=chart_of(connection.division),
    )


def settings_of(connection: Connection) -> PostingSettings:
    """Return the settings of a connection that the domain needs."""
    return PostingSettings(
        prefix=connection.store.prefix,
        journal=connection.journal,
        finalize=connection.finalize,
        items=ItemSettings(
            strategy=ItemStrategy(connection.item_strategy),
            default=connection.item_default,
            shipping=connection.item_shipping,
            handling=connection.item_handling,
            wrapping=connection.item_wrapping,
            fee=connection.item_fee,
            gift_certificate=connection.item_gift_certificate,
            rounding=connection.item_rounding,
        ),
        rounding_limit=connection.rounding_limit,
        rounding_gl_account=connection.rounding_gl_account,
        vat_rounding=VatRounding(connection.vat_rounding),
        force_vat=connection.force_vat,
        vat_number_fields=tuple(connection.vat_number_fields),
        post_statuses=frozenset(connection.post_statuses),
        test_orders=connection.test_orders,
        start_date=connection.start_date,
        time_zone=connection.store.timezone,
        invoice_date=InvoiceDate(connection.invoice_date),
        home_currency=connection.division.currency,
        credit_sign=CreditSign(connection.credit_sign),
        order_refund_vat=OrderRefundVat(connection.order_refund_vat),
        gift_certificates=GiftCertificates(connection.gift_certificates),
        document=DocumentForm(connection.document),
    )


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
    )
