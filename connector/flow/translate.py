"""Translate: from an order and a connection's rules to a draft. The thinking is done in the pure domain."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Self, cast

from connector.domain import rules as domain_rules
from connector.domain.chart import Chart, Currency, GLAccount, Item, Journal, VatCode, decimals_of
from connector.domain.due import due
from connector.domain.invoice import Draft
from connector.domain.order import Order
from connector.domain.outcome import Held, Needs
from connector.domain.rules import RuleBook, TaxAsLine
from connector.domain.settings import (
    CreditSign,
    DocumentForm,
    GiftCertificates,
    InvoiceDate,
    ItemSettings,
    ItemStrategy,
    OrderRefundVat,
    PostingSettings,
    VatRounding,
)
from connector.domain.states import SkipReason
from connector.domain.translate import translate
from connector.domain.vat_areas import iso_country
from connector.models import Connection, Division, MasterData, OrderSync, RuleVersion


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything of a connection that decides what an order becomes."""

    settings: PostingSettings
    rules: RuleBook
    version: RuleVersion | None
    chart: Chart

    def of_form(self, form: str) -> Self:
        """Return the same terms for a document that was begun in this form."""
        return replace(self, settings=replace(self.settings, document=cast("DocumentForm", form)))

    def skip_reason(self, order: Order, now: datetime) -> SkipReason | None:
        """Return why no document is due, or None when one is."""
        return due(order, self.settings, now)

    def draft(self, order: Order) -> Draft | Held | Needs:
        """Return the draft, or what must be read first, or every problem at once."""
        return translate(order, self.settings, self.rules, self.chart)


def terms_of(connection: Connection) -> Terms:
    """Load a connection's settings, the rules in force and its division's master data: five queries."""
    version = connection.rule_versions.order_by("-number").first()
    return Terms(
        settings=settings_of(connection),
        rules=rules_of(version) if version else RuleBook(0),
        version=version,
        chart=chart_of(connection.division),
    )


def settings_of(connection: Connection) -> PostingSettings:
    """Return what the domain needs of a connection's settings."""
    return PostingSettings(
        prefix=connection.store.prefix,
        journal=connection.journal,
        finalize=connection.finalize,
        items=ItemSettings(
            strategy=cast("ItemStrategy", connection.item_strategy),
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
        vat_rounding=cast("VatRounding", connection.vat_rounding),
        force_vat=connection.force_vat,
        vat_number_fields=tuple(connection.vat_number_fields),
        post_statuses=frozenset(connection.post_statuses),
        test_orders=connection.test_orders,
        start_date=connection.start_date,
        time_zone=connection.store.timezone,
        invoice_date=cast("InvoiceDate", connection.invoice_date),
        home_currency=connection.division.currency,
        credit_sign=cast("CreditSign", connection.credit_sign),
        order_refund_vat=cast("OrderRefundVat", connection.order_refund_vat),
        gift_certificates=cast("GiftCertificates", connection.gift_certificates),
        document=cast("DocumentForm", connection.document),
    )


def settings_for(document: OrderSync) -> PostingSettings:
    """Return its connection's settings for a document, in the form that it has."""
    return replace(settings_of(document.connection), document=cast("DocumentForm", document.form))


def rules_of(version: RuleVersion) -> RuleBook:
    """Return one version of the rules as the domain reads them."""
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


def chart_of(division: Division) -> Chart:
    """Return a division's master data as the domain reads it."""
    return chart_from(division.country, list(division.master_data.all()))


def chart_from(country: str, rows: list[MasterData]) -> Chart:
    """Sort master data rows into a chart; `country` is the division's own, ISO 3166-1 alpha-2."""
    by_kind: dict[str, list[MasterData]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)

    def of(kind: str) -> list[MasterData]:
        return by_kind.get(kind, [])

    def names(kind: str) -> dict[str, str]:
        return {row.code: row.name for row in of(kind) if not row.data.get("ended")}

    return Chart(
        country=country,
        gl_accounts={row.code: _gl_account(row) for row in of("gl_account")},
        vat_codes={row.code: _vat_code(row) for row in of("vat_code")},
        items={row.code: _item(row) for row in of("item")},
        cost_centers=names("cost_center"),
        cost_units=names("cost_unit"),
        payment_conditions=names("payment_condition"),
        journals={row.code: _journal(row) for row in of("journal")},
        currencies={row.code: _currency(row) for row in of("currency")},
    )


def _gl_account(row: MasterData) -> GLAccount:
    return GLAccount(
        row.exact_id,
        row.code,
        row.name,
        int(row.data.get("use_cost_center") or 0),
        int(row.data.get("use_cost_unit") or 0),
        bool(row.data.get("blocked")),
    )


def _journal(row: MasterData) -> Journal:
    data = row.data
    return Journal(row.code, int(data.get("type") or 0), data.get("currency") or "", bool(data.get("blocked")))


def _currency(row: MasterData) -> Currency:
    return Currency(row.code, row.name, decimals_of(str(row.data.get("amount_precision") or "")))


def _vat_code(row: MasterData) -> VatCode:
    data = row.data
    return VatCode(
        code=row.code,
        name=row.name,
        percentage=Decimal(data.get("percentage") or "0"),
        type=data.get("type") or "E",
        oss_country=iso_country(data.get("oss_country") or ""),
        blocked=bool(data.get("blocked")),
        transaction_type=data.get("transaction_type") or "B",
        country=data.get("country") or "",
        eu_sales_listing=data.get("eu_sales_listing") or "",
    )


def _item(row: MasterData) -> Item:
    return Item(row.exact_id, row.code, row.name, bool(row.data.get("is_sales", True)), bool(row.data.get("ended")))
