"""A store whose orders are refunded, and how it tells of that."""

from typing import Any

from tests.acme import STORE, Acme

ORDER = 1001


def setting(acme: Acme, **fields: object) -> None:
    type(acme.connection).objects.filter(pk=acme.connection.pk).update(**fields)


def ring(acme: Acme, order_id: int = ORDER, scope: str = "store/order/updated") -> None:
    acme.ring(order_id, scope)
    acme.drain()


def first_line(acme: Acme, order_id: int) -> dict[str, Any]:
    return acme.sandbox.stores.store(STORE).orders[order_id].products[0]
