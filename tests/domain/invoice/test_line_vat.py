from collections.abc import Iterable
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.invoice.line_vat import apportion
from connector.domain.money import total

CENT = D("0.01")


def shares(exact: Iterable[str], whole: str, unit: D = CENT) -> list[str] | None:
    found = apportion(dict(enumerate(map(D, exact))), D(whole), unit)
    return None if found is None else [str(share) for share in found.values()]


def test_the_largest_remainders_are_rounded_up() -> None:
    assert shares(["0.2079", "0.2079", "0.2079"], "0.62") == ["0.21", "0.21", "0.20"]
    assert shares(["1.2361", "0.4439"], "1.68") == ["1.24", "0.44"]
    assert shares(["2254.46", "100.9"], "2355", D(1)) == ["2254", "101"]


def test_an_amount_below_zero_is_rounded_like_any_other() -> None:
    assert shares(["4.2000", "-0.8678"], "3.33") == ["4.20", "-0.87"]
    assert shares(["4.2000", "-0.8678"], "3.34") == ["4.20", "-0.86"]


def test_what_is_more_than_rounding_has_no_shares() -> None:
    assert shares(["0.2079", "0.2079"], "0.43") is None
    assert shares(["0.2079", "0.2079"], "0.39") is None
    assert shares(["0.21", "0.00"], "0.22") is None  # whole cents are not rounded


@given(st.lists(st.integers(-(10**7), 10**7), max_size=9), st.data())
def test_each_share_is_less_than_a_cent_off_and_their_sum_is_right(units: list[int], data: st.DataObject) -> None:
    exact = {place: D(each).scaleb(-4) for place, each in enumerate(units)}
    floors = [each // 100 for each in units]
    up = data.draw(st.integers(0, sum(bool(each % 100) for each in units)))
    found = apportion(exact, (sum(floors) + up) * CENT, CENT)
    assert found is not None
    assert total(found.values()) == (sum(floors) + up) * CENT
    assert all(abs(found[place] - each) < CENT for place, each in exact.items())
