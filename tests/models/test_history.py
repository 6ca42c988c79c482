"""The history of documents, to which rows are only added."""

import pytest

from connector.models.history import HistoryIsAppendOnly
from tests.factories import (
    SyncEventFactory,
)


def test_the_history_is_only_ever_added_to(db: None) -> None:
    event = SyncEventFactory.create(kind="action")
    event.text = "Nothing happened."
    with pytest.raises(HistoryIsAppendOnly):
        event.save()
