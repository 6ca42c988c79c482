"""What an export has of a document, and what it must not have."""

from datetime import UTC, date, datetime

import pytest

from connector.admin.documents.exported_rows import Known, cells, headings
from tests.factories import OrderSyncFactory


@pytest.mark.django_db
def test_a_row_has_a_cell_for_each_heading_and_no_e_mail_address() -> None:
    document = OrderSyncFactory.create(
        email="zoe@people.example", held=True, posted_at=datetime(2025, 9, 1, 23, 30, tzinfo=UTC)
    )
    known = Known.of(document.connection.store.tenant, [document.connection])
    (row,) = cells([document], known)
    shown = dict(zip(headings(), row, strict=True))
    assert "zoe@people.example" not in row
    assert (shown["Cause"], shown["Order"], shown["Posted on"]) == ("mapping", document.order_id, date(2025, 9, 2))
