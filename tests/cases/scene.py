"""Orders placed in Acme's store and posted into its division: the whole way, over HTTP."""

from collections.abc import Mapping
from typing import Any

from connector.models import OrderSync
from tests.acme import STORE, Acme
from tests.cases.shop import Json, record


def place(acme: Acme, orders: Mapping[int, Json], refunds: Mapping[int, list[Json]] | None = None) -> None:
    """Let the store have these orders, by their numbers, as they are now. It reports each one, and the lane works."""
    store = acme.sandbox.stores.store(STORE)
    for number, raw in orders.items():
        store.place(record(raw | {"id": number}))
    store.refunds.update(refunds or {})
    for number in orders:
        acme.ring(number, "store/order/updated")
    acme.drain()


def setting(acme: Acme, **fields: Any) -> None:
    """Change settings of Acme's connection."""
    type(acme.connection).objects.filter(pk=acme.connection.pk).update(**fields)


def documents(acme: Acme, order_id: int) -> list[tuple[str, str]]:
    """The documents of an order: reference in Exact and amount."""
    return [(name, str(row["AmountFC"])) for name, row in acme.in_exact(order_id).items()]


def is_asked(document: OrderSync) -> bool:
    """Whether a person has to decide."""
    return document.change_pending or document.state == "blocked"
