"""The terms of a connection: its settings and rules as the domain has them."""

from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from connector.domain.choices import ItemSettings, ItemStrategy, PostingSettings, VatRounding
from connector.domain.rules.rule_book import TaxAsLine
from connector.flow.order.terms import rules_of, settings_of
from connector.flow.setup.provision.run import provision
from connector.models import Connection, RuleVersion
from tests.acme import Acme


def test_the_domain_has_each_setting_under_its_columns_name_and_as_its_own_type(acme: Acme) -> None:
    Connection.objects.update(vat_rounding="code", item_strategy="sku", post_statuses=[11, 2], start_date="2026-02-01")
    settings = settings_of(Connection.objects.get())
    assert settings.vat_rounding is VatRounding.CODE
    assert settings.items.strategy is ItemStrategy.SKU
    assert settings.post_statuses == frozenset({2, 11})
    assert settings.start_date == date(2026, 2, 1)
    assert isinstance(settings.vat_number_fields, tuple)


def test_what_the_domain_reads_is_a_column_of_the_connection_of_its_store_or_of_its_division() -> None:
    columns = {field.name for field in Connection._meta.fields}
    assert set(get_type_hints(PostingSettings)) - columns == {"prefix", "time_zone", "home_currency", "items"}
    assert {f"item_{name}" for name in get_type_hints(ItemSettings)} <= columns


def test_orders_are_posted_by_the_files_rules(file: dict[str, Any], db: None) -> None:
    file["connections"][0] |= {
        "rules": [{"priority": 20, "when": {"country": "us"}, "then": {"gl_account": "8000", "cost_center": None}}],
        "vat": [{"when": {"rate": "21.0"}, "code": "2", "tax_as_line": {"item": "WEBSHOP", "gl_account": "1530"}}],
        "payment_conditions": [{"when": {}, "code": "30"}],
    }
    provision(file, with_hooks=False, tell=lambda line: None)
    book = rules_of(RuleVersion.objects.get())
    assert book.version == 1
    (mapping,), (vat,), (payment,) = book.mapping, book.vat, book.payment
    assert (mapping.priority, mapping.gl_account, mapping.cost_center) == (20, "8000", "")
    assert mapping.when == {"country": ("us",)}
    assert (vat.code, vat.rates, vat.tax_as_line) == ("2", frozenset({Decimal(21)}), TaxAsLine("WEBSHOP", "1530"))
    assert payment.code == "30"
