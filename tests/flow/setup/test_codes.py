"""Every code of settings and rules is checked, and each that cannot be used is named."""

from typing import Any

import pytest

from connector.flow.setup.provision.export import export
from connector.flow.setup.provision.schema import Refused
from connector.models import Connection
from tests.flow.setup.provision.test_run import run


def test_every_unknown_code_is_named_at_once(file: dict[str, Any], db: None) -> None:
    file["connections"][0]["journal"] = "99"
    file["connections"][0]["items"]["default"] = "NOPE"
    file["connections"][0]["vat"][0]["code"] = "ZZ"
    with pytest.raises(Refused) as refusal:
        run(file)
    assert all(code in str(refusal.value) for code in ("'99'", "'NOPE'", "'ZZ'"))


def test_the_codes_of_a_new_account_and_of_a_countrys_collective_account_are_checked(
    file: dict[str, Any], db: None
) -> None:
    rule = {"when": {"country": ["BE"]}, "then": {"payment_condition": "ZZ", "vat_code": "YY"}}
    file["connections"][0]["customers"] |= {"account_rules": [rule], "collective_by_country": {"BE": "998"}}
    with pytest.raises(Refused) as refusal:
        run(file)
    assert "customers.account_rules: row 1: " in str(refusal.value)
    assert all(code in str(refusal.value) for code in ("'ZZ'", "'YY'", "'998'"))


def test_the_group_the_unit_and_the_vat_code_of_new_items_are_checked(file: dict[str, Any], db: None) -> None:
    items = file["connections"][0]["items"]
    items |= {"strategy": "sku_then_create", "new_group": "NOPE", "new_unit": "gros", "new_vat_code": "ZZ"}
    with pytest.raises(Refused) as refusal:
        run(file)
    for key, code in (("new_group", "NOPE"), ("new_unit", "gros"), ("new_vat_code", "ZZ")):
        assert f"items.{key}: " in str(refusal.value)
        assert f"'{code}'" in str(refusal.value)
    items |= {"new_group": "BOOKS", "new_unit": "box", "new_vat_code": "4", "new_stock": True, "bundles": "parts"}
    run(file)
    connection = Connection.objects.get()
    assert (connection.item_strategy, connection.item_new_group, connection.item_new_unit) == (
        "sku_then_create",
        "BOOKS",
        "box",
    )
    assert (connection.item_new_vat_code, connection.item_new_stock, connection.item_bundles) == ("4", True, "parts")
    filed = export(connection.store.tenant)["connections"][0]["items"]
    assert items.items() <= filed.items()
