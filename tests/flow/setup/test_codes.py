"""Every code of settings and rules is checked, and each that cannot be used is named."""

from typing import Any

import pytest

from connector.flow.setup.provision.schema import Refused
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
