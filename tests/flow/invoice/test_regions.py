"""Thirty orders over five regional warehouses: stock and money agree afterwards. The bench has two hundred."""

from connector.models import OrderSync
from tests.acme import Acme
from tests.flow.invoice import regions


def test_stock_is_what_was_there_less_what_was_sold_plus_what_came_back(acme: Acme) -> None:
    regions.open_warehouses(acme)
    orders = regions.sell(acme, 30)
    assert regions.differences(acme, orders) == {}
    assert {row["Type"] for order in orders for row in acme.in_exact(order).values()} == {8023}
    assert {(acme.document(order).draft or {})["warehouse"] for order in orders} == set(regions.REGIONS)
    regions.give_back(acme, orders)
    assert regions.differences(acme, orders) == {}
    assert OrderSync.objects.exclude(state="posted").exclude(kind="receipt").count() == 0
    assert OrderSync.objects.filter(kind="credit").count() == 13
