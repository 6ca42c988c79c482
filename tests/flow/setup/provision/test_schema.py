"""The values of the provision file: what each check takes and how it names what it refuses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.flow.setup.provision import schema
from connector.models import Connection
from tests.flow.setup.provision.test_run import run


def test_null_is_as_good_as_left_out(file: dict[str, Any], db: None) -> None:
    file["exact"][0]["webhook_secret"] = None
    file["connections"][0]["start_date"] = None
    file["connections"][0]["customers"]["collective_account"] = None
    file["users"][0]["password"] = None
    run(file)
    assert Connection.objects.exists()


@pytest.mark.parametrize(
    ("check", "taken", "refused"),
    [
        (schema.text(most=3), ["", "abc"], ["abcd", "a\x00", 1, None]),
        (schema.choice("a", "b"), ["a"], ["c", 1, ["a"]]),
        (schema.flag, [True, False], [1, "true"]),
        (schema.number, [0, 2**31 - 1], [-1, 2**31, True, "1", 1.0]),
        (schema.hour, [0, 23], [24, -1]),
        (schema.schedule, ["immediate", "daily:02:30"], ["sometimes", 1]),
        (schema.time_zone, ["Europe/Amsterdam"], ["Mars/Base", []]),
        (schema.name, ["Tea & Co"], [" ", "a\nb", 1]),
        (schema.email, ["a@b.example"], ["a@b", "a@b.example\n", 1]),
    ],
)
def test_a_check_takes_some_values_as_they_are_and_names_the_place_of_others(
    check: schema.Check, taken: list[Any], refused: list[Any]
) -> None:
    assert [check("tenant.x", value) for value in taken] == taken
    for value in refused:
        with pytest.raises(schema.Refused, match=r"^tenant\.x"):
            check("tenant.x", value)


def test_days_amounts_and_account_codes_are_read() -> None:
    assert schema.day("x", "2026-01-31") == date(2026, 1, 31)
    assert schema.amount("x", "0.05") == Decimal("0.05")
    assert schema.account_code("x", "   900") == "900"
    for check, wrong in [(schema.day, "31-1-2026"), *((schema.amount, each) for each in ("0.001", "NaN", "1e5", 1))]:
        with pytest.raises(schema.Refused, match="x cannot be"):
            check("x", wrong)


def test_an_object_has_its_keys_and_no_other_and_a_list_names_the_member() -> None:
    thing = schema.obj(a=schema.number, b=(schema.list_of(schema.number), list))
    assert thing("x", {"a": 1, "b": None}) == {"a": 1, "b": []}
    for wrong, said in [
        ({}, "x.a is missing"),
        ({"a": None}, "x.a must be a whole number"),
        ({"a": 1, "c": 1}, "x.c is not a key"),
        ({"a": 1, "b": [1, "2"]}, r"x.b\[1\] must be"),
        ({"a": 1, "b": {}}, "x.b must be a list"),
        ([], "x must be an object"),
    ]:
        with pytest.raises(schema.Refused, match=said):
            thing("x", wrong)
