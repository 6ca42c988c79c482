"""The orders that changed, as the poll reads them."""

from datetime import UTC, datetime

import pytest

from connector.clients.bigcommerce.changes import read_changes, read_moment
from connector.clients.strict_json import Unreadable
from tests.clients.bigcommerce.test_client import client_of
from tests.clients.scripted import Script, reply


def test_a_changed_order_that_cannot_be_read_says_so_and_the_others_come() -> None:
    def row(number: object, modified: object) -> dict[str, object]:
        return {"id": number, "date_modified": modified}

    good, since = "Mon, 02 Mar 2026 10:00:00 +0000", datetime(2026, 3, 1, tzinfo=UTC)
    rows = [row(7, ""), row(8, good), row(9, None), row(0, good), None, row(10, "Wed, 30 Nov -0001 00:00:00 +0000")]
    (page,) = client_of(Script(reply(rows))).orders_changed(since)
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert [(each.order_id, each.at) for each in page] == [(7, since), (8, at), (9, at), (0, at), (0, at), (10, at)]
    assert [bool(each.odd) for each in page] == [True, False, True, True, True, True]


def test_an_empty_page_has_no_change_and_what_is_no_list_is_unreadable() -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    assert read_changes(None, since) == []
    with pytest.raises(Unreadable, match="a list of orders"):
        read_changes({"orders": []}, since)


@pytest.mark.parametrize(
    ("text", "utc"),
    [("Mon, 02 Mar 2026 10:00:00 +0000", "10:00:00+00:00"), ("Mon, 02 Mar 2026 10:00:00 +0200", "08:00:00+00:00")],
)
def test_a_time_of_the_vendor_is_in_utc(text: str, utc: str) -> None:
    assert read_moment(text).isoformat() == f"2026-03-02T{utc}"


@pytest.mark.parametrize("text", ["", "soon", "Wed, 30 Nov -0001 00:00:00 +0000"])
def test_what_is_no_time_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="time of its last change"):
        read_moment(text)
