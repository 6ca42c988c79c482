"""The rules of the provision file: which are refused, and that those which are saved are what orders meet."""

from typing import Any

import pytest

from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
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


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([{"sku": "A", "item": "SHIP"}, {"sku": "B"}], "sku_items[1].item is missing"),
        ([{"sku": " ", "item": "SHIP"}], "sku_items[0].sku must be a text"),
        ([{"sku": "A", "item": "SHIP"}, {"sku": "a ", "item": "SHIP"}], "connections[0].sku_items: a is there more"),
        ([{"sku": "A", "item": "SHIP"}, {"sku": "B", "item": "NOPE"}], "sku_items[1].item: division 100001 has no"),
        ([{"sku": str(number), "item": "SHIP"} for number in range(5001)], "sku_items has more than 5000 rows"),
    ],
)
def test_a_row_of_the_table_of_skus_that_cannot_be_is_named(
    file: dict[str, Any], db: None, rows: Any, named: str
) -> None:
    file["connections"][0]["sku_items"] = rows
    with pytest.raises(Refused) as refusal:
        provision(file, with_hooks=False, tell=lambda line: None)
    assert named in str(refusal.value)


def test_a_setting_of_an_organisation_that_is_left_out_has_its_columns_default() -> None:
    new = Tenant(slug="acme", name="Acme")
    read = read_file({"tenant": {"slug": "acme", "name": "Acme"}})["tenant"]
    assert read == {"slug": "acme", **{column: getattr(new, column) for column in TENANT_SETTINGS}}
