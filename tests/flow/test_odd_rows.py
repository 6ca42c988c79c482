"""Rows of a list that cannot be read have one alert: it names them as they are now, and closes when all can be read."""

import pytest

from connector.clients.rows import OddRow
from connector.flow import odd_rows
from connector.models import Alert
from tests.factories import StoreFactory

pytestmark = pytest.mark.django_db


def odd(number: int) -> list[OddRow]:
    return [OddRow(f"row {place}", "is empty") for place in range(number)]


def test_one_alert_names_the_first_ten_and_how_many_there_are() -> None:
    store = StoreFactory.create()
    odd_rows.report(store.tenant, store, "groups", odd(12))
    alert = Alert.objects.get()
    assert (alert.cause, alert.params["count"]) == (f"store:{store.pk}:odd_groups", 12)
    assert "row 9" in alert.text
    assert "row 10" not in alert.text


def test_it_says_what_is_left_and_closes_with_the_last_one() -> None:
    store = StoreFactory.create()
    for left in (3, 2):
        odd_rows.report(store.tenant, store, "groups", odd(left))
    assert "row 2" not in Alert.objects.get(closed_at=None).text
    odd_rows.report(store.tenant, store, "groups", [])
    assert not Alert.objects.filter(closed_at=None).exists()
