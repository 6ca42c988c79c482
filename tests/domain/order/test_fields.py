"""A field of the vendor's JSON is read, or named."""

from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.order.fields import Fields, UnreadableOrder


def fields(value: Any) -> Fields:
    return Fields({"it": value}, "order")


@pytest.mark.parametrize(("value", "is_there"), [(None, False), ("", False), (0, True), (False, True), ("0", True)])
def test_an_empty_field_is_not_there(value: Any, is_there: bool) -> None:
    assert fields(value).has("it") == is_there
    assert not Fields({}, "").has("it")


@pytest.mark.parametrize(("value", "found"), [(0, ""), ("0", ""), (7, "7"), ("ab", "ab"), (None, "")])
def test_an_id_of_0_is_none(value: Any, found: str) -> None:
    assert fields(value).id("it") == found


@pytest.mark.parametrize(
    ("value", "found"), [("12.34567", "12.3457"), (3, "3.0000"), ("999999999999.9", "999999999999.9000")]
)
def test_an_amount_has_four_decimals(value: Any, found: str) -> None:
    assert str(fields(value).amount("it")) == found


@pytest.mark.parametrize(
    "value", ["a lot", "NaN", "sNaN", "1e999999999", "Infinity", "1000000000000", "-1000000000000", [], ""]
)
def test_what_is_no_amount_is_named_with_its_value(value: Any) -> None:
    with pytest.raises(UnreadableOrder) as why:
        fields(value).amount("it")
    assert why.value.field == "order.it"
    assert str(value).startswith(why.value.value)


def test_an_amount_that_is_not_there_is_the_default_where_there_is_one() -> None:
    assert fields("").amount("it", D(5)) == 5
    assert fields("0").amount("it", D(5)) == 0


@pytest.mark.parametrize(("value", "found"), [("12", 12), (0, 0)])
def test_a_whole_number(value: Any, found: int) -> None:
    assert fields(value).whole("it") == found


@pytest.mark.parametrize("value", ["-1", "1.0", "\u0661", "", "x", "9" * 5000])
def test_what_is_no_whole_number_is_named(value: Any) -> None:
    with pytest.raises(UnreadableOrder):
        fields(value).whole("it")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Thu, 01 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2026-02-28T23:30:00+02:00", datetime(2026, 2, 28, 21, 30, tzinfo=UTC)),
        ("2026-02-28T23:30:00", datetime(2026, 2, 28, 23, 30, tzinfo=UTC)),
        ("9998-12-31T00:00:00+00:00", datetime(9998, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_utc(value: str, found: datetime) -> None:
    assert fields(value).moment("it") == found


@pytest.mark.parametrize(
    "value",
    [
        *("", "tomorrow", "1969-12-31T23:59:59+00:00", "9999-01-01T00:00:00+00:00", "0000-00-00"),
        "Wed, 30 Nov -0001 00:00:00 +0000",
    ],
)
def test_what_is_no_day_of_an_order_is_named(value: str) -> None:
    with pytest.raises(UnreadableOrder):
        fields(value).moment("it")


def test_objects_and_lists_have_their_path() -> None:
    document = Fields({"one": {"a": 1}, "many": [{"a": 1}, {"a": 2}], "none": None}, "")
    assert document.one("one").where == "one"
    assert [each.where for each in document.many("many")] == ["many[0]", "many[1]"]
    assert document.many("none") == []
    for name, read in (("many", document.one), ("one", document.many), ("none", document.one)):
        with pytest.raises(UnreadableOrder, match=name):
            read(name)


def test_a_value_is_shown_up_to_sixty_characters() -> None:
    with pytest.raises(UnreadableOrder) as why:
        fields("x" * 100).whole("it")
    assert why.value.value == "x" * 60
