"""What the chain says of lines from which personal data was taken."""

from connector.domain.document import chain
from connector.domain.document.taken_out import TakenOut

LINE = {"kind": "action", "at": "2026-01-01T00:00:00.000000Z", "text": "[…]", "data": {}}


def test_it_is_written_and_read_again() -> None:
    taken = TakenOut({(2, 0): "a", (1, 3): "b"}, {"before": "since"})
    assert TakenOut.of([taken.to_json()]) == taken
    assert taken.to_json()["lines"] == [[1, 3, "b"], [2, 0, "a"]]


def test_a_later_entry_counts() -> None:
    taken = TakenOut.of([{"lines": [[1, 0, "a"]]}, {"lines": [[1, 0, "b"]], "deliveries": []}])
    assert taken.lines == {(1, 0): "b"}


def test_a_line_is_as_it_was_left_or_not() -> None:
    taken = TakenOut({(1, 2): chain.digest(LINE)})
    assert taken.has(1, 2, LINE)
    assert not taken.has(1, 2, {**LINE, "text": "Something else."})
    assert not taken.has(1, 1, LINE)
    assert taken.is_named(1, 2)
    assert not taken.is_named(1, 1)


def test_a_delivery_has_its_name_since() -> None:
    taken = TakenOut(deliveries={"before": "since"})
    assert (taken.since("before"), taken.since("another")) == ("since", "another")
