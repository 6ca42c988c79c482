"""Orders from five regions, each with a warehouse of its own, as direct invoices; some come back."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from connector.models import Connection, MappingRule
from connector.sandbox.catalogue.cart import Cart, Item, Parcel
from connector.sandbox.catalogue.goods import Product
from connector.sandbox.catalogue.nlshop import ANNA
from connector.sandbox.exact.stock import positions
from tests.acme import DIVISION, STORE, Acme
from tests.flow.invoice.new_goods import place_cart

# The warehouse of each region, and a postcode in it.
REGIONS = {"1": "1012 AB", "2": "9711 LM", "3": "6211 CM", "4": "7511 JE", "5": "3011 AA"}
PRICES = {"PEN-01": "1.33", "MUG-01": "12.10", "LAMP-01": "24.95", "BELL-01": "9.99"}
THERE = Decimal(1000)
REFUNDED, CANCELLED = 3, 7  # every third order, and every seventh
CANCELLED_STATUS = 5
FIRST = 8001
Places = dict[tuple[str, str], Decimal]  # by the codes of the warehouse and the item


def open_warehouses(acme: Acme) -> None:
    """Let Acme sell from the warehouse of the region, with a thousand pieces of each item in each."""
    Connection.objects.update(document="direct_invoice", item_strategy="sku", refunds="credit", cancellations="credit")
    version = MappingRule.objects.earliest("pk").version
    for warehouse, postcode in REGIONS.items():
        when = {"postcode_prefix": postcode[:2], "line": "product"}
        MappingRule.objects.create(version=version, priority=0, when=when, gl_account="8000", warehouse=warehouse)
    stock = acme.sandbox.exact.divisions[DIVISION].stock
    stock |= {(warehouse, sku): THERE for warehouse in REGIONS for sku in PRICES}


def sell(acme: Acme, number: int) -> list[int]:
    """Have so many orders placed and posted; return their ids."""
    orders = [place_cart(acme, _cart(each), FIRST + each) for each in range(number)]
    _tell(acme, orders)
    return orders


def give_back(acme: Acme, orders: Sequence[int]) -> None:
    """Refund pieces of some orders, and cancel others."""
    shop = acme.sandbox.stores.store(STORE)
    for order in orders[::REFUNDED]:
        line = shop.orders[order].products[0]
        shop.refund(order, {line["id"]: (line["quantity"] + 1) // 2})
    changed = set(orders[::REFUNDED])
    for order in orders[::CANCELLED]:
        if order not in changed:
            shop.change(order, status_id=CANCELLED_STATUS)
            changed.add(order)
    _tell(acme, sorted(changed))


def differences(acme: Acme, orders: Sequence[int]) -> dict[object, tuple[Decimal, Decimal]]:
    """Return what is in Exact and what should be, where the two differ: money by order, pieces by place."""
    money, pieces = _wanted(acme, orders)
    found: dict[object, tuple[Decimal, Decimal]] = {}
    for order in orders:
        booked = sum((row["AmountFC"] for row in acme.in_exact(order).values()), Decimal(0))
        if booked != money[order]:
            found[order] = (booked, money[order])
    for row in positions(acme.sandbox.exact.divisions[DIVISION]):
        place = (row["WarehouseCode"], row["ItemCode"])
        if row["CurrentStock"] != THERE - pieces[place]:
            found[place] = (row["CurrentStock"], THERE - pieces[place])
    return found


def _wanted(acme: Acme, orders: Sequence[int]) -> tuple[dict[int, Decimal], Places]:
    """What the store kept of each order, and the pieces that left each warehouse for good."""
    shop = acme.sandbox.stores.store(STORE)
    money: dict[int, Decimal] = {}
    pieces: Places = defaultdict(Decimal)
    for at, order in enumerate(orders):
        record = shop.orders[order]
        if record.order["status_id"] == CANCELLED_STATUS:
            money[order] = Decimal(0)
            continue
        refunds = shop.refunds.get(order, [])
        back = {item["item_id"]: item["quantity"] for refund in refunds for item in refund["items"]}
        given = sum((Decimal(str(refund["total_amount"])) for refund in refunds), Decimal(0))
        money[order] = acme.total(order) - given
        for line in record.products:
            pieces[_warehouse(at), line["sku"]] += line["quantity"] - back.get(line["id"], 0)
    return money, pieces


def _cart(number: int) -> Cart:
    buyer = ANNA.at(f"Markt {number % 3}", REGIONS[_warehouse(number)], "Town")
    skus = list(PRICES)
    chosen = [skus[number % len(skus)], skus[(number // 2 + 1) % len(skus)]]
    items = tuple(Item(_product(sku), 1 + (number + place) % 7) for place, sku in enumerate(dict.fromkeys(chosen)))
    return Cart("regions", buyer, items, (Parcel(buyer, Decimal("4.95")),))


def _product(sku: str) -> Product:
    price = Decimal(PRICES[sku])
    return Product(5000 + list(PRICES).index(sku), sku, f"Thing {sku}", price, round(price / Decimal("1.21"), 4))


def _warehouse(number: int) -> str:
    return list(REGIONS)[number % len(REGIONS)]


def _tell(acme: Acme, orders: Sequence[int]) -> None:
    for order in orders:
        assert acme.ring(order, "store/order/updated") in {200, 202, 204}
    acme.settle()
