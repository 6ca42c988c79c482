"""Two hundred orders over five regional warehouses as direct invoices: pieces and cents that differ afterwards."""

from connector.models import OrderSync
from tests.acme import Acme
from tests.bench.table import Table
from tests.flow.invoice import regions

ORDERS = 200


def test_two_hundred_orders_leave_no_difference(acme: Acme, table: Table) -> None:
    """Sell, give a part back, and compare stock and money."""
    regions.open_warehouses(acme)
    orders = regions.sell(acme, ORDERS)
    regions.give_back(acme, orders)
    assert OrderSync.objects.filter(kind="invoice", state="posted").count() == ORDERS
    assert not OrderSync.objects.exclude(state="posted").exclude(kind="receipt").exists()
    found = regions.differences(acme, orders)
    assert found == {}
    table.add(f"Differences in stock and money after {ORDERS} direct invoices", len(found), goal=0)
