"""What Exact got otherwise than the store has it, in words."""

from dataclasses import fields

import pytest

from connector.domain.customer.written import Cut, WrittenAccount, WrittenAddress, WrittenContact
from connector.problems.catalogue import sentence
from connector.problems.written import PARTS


@pytest.mark.parametrize("shape", [WrittenAccount, WrittenAddress, WrittenContact])
def test_each_value_that_may_be_cut_has_a_name(shape: type) -> None:
    by_rule = {"payment_condition", "vat_code", "address"}
    assert {each.name for each in fields(shape)} - by_rule <= set(PARTS)


def test_a_cut_says_what_exact_has_and_what_the_store_has() -> None:
    assert (
        sentence(Cut("phone", "12 34", "12").as_problem())
        == "Exact has the phone number as “12”; the store has “12 34”."
    )
    assert sentence(Cut("country", "XX", "").as_problem()) == "Exact did not get the country “XX”."
