"""Orders of products that Exact does not know, and the items that it has of them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connector.models import Connection
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.cart import Cart, Item, Parcel
from connector.sandbox.catalogue.goods import Product
from connector.sandbox.catalogue.nlshop import ANNA
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import DIVISION, STORE, Acme

ITEMS = "logistics/Items"
PLACED = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = 7001


def create_items(acme: Acme, **settings: object) -> None:
    """Let the connection make the items of unknown SKUs."""
    Connection.objects.update(item_strategy="sku_then_create", **settings)
    acme.connection.refresh_from_db()
    acme.sandbox.exact.calls.clear()


def product(sku: str, name: str = "") -> Product:
    """A product of 12.10 with 21 % VAT."""
    return Product(abs(hash(sku)) % 10**6 + 1000, sku, name or f"Thing {sku}"[:90], Decimal("12.10"), Decimal("10.00"))


def place(acme: Acme, *skus: str, order_id: int = FIRST, bundle: tuple[str, ...] = ()) -> int:
    """Have Anna place an order of one piece of each SKU; the first has the parts of `bundle`."""
    items = [Item(product(sku), bundle=tuple(map(product, bundle)) if not at else ()) for at, sku in enumerate(skus)]
    return place_cart(acme, Cart("new goods", ANNA, tuple(items), (Parcel(ANNA),)), order_id)


def place_cart(acme: Acme, cart: Cart, order_id: int = FIRST) -> int:
    """Have an order of a cart placed."""
    acme.sandbox.stores.store(STORE).place(build(NLSHOP, cart, order_id, PLACED))
    return order_id


def post(acme: Acme, order_id: int) -> str:
    """Let the order come and be worked on; return the state of its document."""
    acme.ring(order_id)
    acme.drain()
    return str(acme.document(order_id).state)


def items_in_exact(acme: Acme) -> dict[str, list[dict[str, Any]]]:
    """The items of the division by code; two with one code are no mistake of the test's."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in acme.sandbox.exact.divisions[DIVISION].table(ITEMS).values():
        found.setdefault(row["Code"].casefold(), []).append(dict(row))
    return found


def posts_of_items(acme: Acme) -> int:
    """How often an item was asked for."""
    return acme.sandbox.exact.calls.count("POST", f"*/{ITEMS}")
