"""The bars of both sides per day."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from connector.admin.months.chart import HEIGHT, WIDTH, Chart, DayFigures, draw


def days(*pairs: tuple[str, str]) -> list[DayFigures]:
    return [
        DayFigures(date(2026, 10, day), Decimal(store), Decimal(exact)) for day, (store, exact) in enumerate(pairs, 1)
    ]


def heights(chart: Chart) -> list[tuple[float, float]]:
    return [(each.store.height, each.exact.height) for each in chart.days]


def test_the_highest_amount_fills_the_drawing() -> None:
    chart = draw(days(("200", "200"), ("100", "50")))
    assert heights(chart) == [(HEIGHT, HEIGHT), (HEIGHT / 2, HEIGHT / 4)]
    assert chart.zero == HEIGHT
    assert [each.store.y for each in chart.days] == [0, HEIGHT / 2]


def test_a_day_with_more_given_back_than_sold_has_its_bar_below_zero() -> None:
    chart = draw(days(("150", "150"), ("-50", "-50")))
    assert chart.zero == HEIGHT * 3 / 4
    below = chart.days[1].store
    assert (below.y, below.height) == (chart.zero, HEIGHT / 4)


def test_a_gap_between_the_sides_is_marked() -> None:
    chart = draw(days(("10", "10"), ("10", "10.01")))
    assert [each.figures.differs for each in chart.days] == [False, True]


def test_the_bars_of_a_day_stand_beside_each_other_inside_the_drawing() -> None:
    chart = draw(days(*[("1", "1")] * 31))
    edges = [edge for each in chart.days for bar in (each.store, each.exact) for edge in (bar.x, bar.x + bar.width)]
    assert all(later - earlier > -0.02 for earlier, later in pairwise(edges))
    assert edges[0] >= 0
    assert edges[-1] <= WIDTH


def test_a_month_without_a_sale_and_one_without_days_can_be_drawn() -> None:
    assert heights(draw(days(("0", "0")))) == [(0, 0)]
    assert draw([]).days == ()
