"""The rules of the provision file: which are refused, and that those which are saved are what orders meet."""

from decimal import Decimal
from typing import Any

import pytest

from connector.domain.rules.rule_book import TaxAsLine
from connector.flow.order.terms import rules_of
from connector.flow.setup.provision.export import export
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import RuleVersion
from tenants.models import TENANT_SETTINGS, Tenant


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"priority": 1, "when": {}}, "rules[0].then is missing"),
        ({"priority": "1", "when": {}, "then": {}}, "rules[0].priority must be a whole number"),
        ({"priority": 1, "when": {}, "then": {"ledger": "8000"}}, "rules[0].then.ledger is not a key"),
        ({"priority": 1, "when": {}, "then": {}, "if": {}}, "rules[0].if is not a key"),
        ("8000", "rules[0] must be an object"),
    ],
)
def test_rules_that_mean_nothing_are_refused(file: dict[str, Any], db: None, rule: Any, named: str) -> None:
    file["connections"][0]["rules"] = [rule]
    with pytest.raises(Refused) as refusal:
        provision(file, with_hooks=False, tell=lambda line: None)
    assert named in str(refusal.value)


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


def test_a_setting_of_an_organisation_that_is_left_out_has_its_columns_default() -> None:
    new = Tenant(slug="acme", name="Acme")
    read = read_file({"tenant": {"slug": "acme", "name": "Acme"}})["tenant"]
    assert read == {"slug": "acme", **{column: getattr(new, column) for column in TENANT_SETTINGS}}


def test_the_settings_of_an_organisation_come_back_as_they_were_filed(file: dict[str, Any], db: None) -> None:
    file["tenant"] |= {"timezone": "Europe/Paris", "alert_emails": ["ops@acme.example"], "digest_hour": 23}
    provision(file, with_hooks=False, tell=lambda line: None)
    assert export(Tenant.objects.get())["tenant"] == file["tenant"]
    assert set(file["tenant"]) == {"slug", *TENANT_SETTINGS}
