"""docs/scaling.md says what its program prints."""

from pathlib import Path

from tests.bench.capacity import Figures, as_table, beside_busy_lanes, in_words, of_neighbours

PAGE = Path(__file__).parents[1] / "docs" / "scaling.md"


def test_the_page_has_the_figures_of_its_program() -> None:
    page = PAGE.read_text()
    for part in (in_words, as_table, of_neighbours):
        assert part(Figures()) in page, "Run `python -m tests.bench.capacity` and put its figures into the page."


def test_with_a_slot_for_each_busy_lane_a_small_shop_waits_at_most_twice_as_long() -> None:
    alone, beside = beside_busy_lanes(Figures(), slots=16, turn=1)
    assert beside <= 2 * alone
