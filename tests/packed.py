"""The parts of a sandbox that stay packed in a copy of it until somebody asks for them.

A test has one shop's orders and one division, and reads a few of them; the catalogue has a hundred orders.
"""

import pickle
from collections.abc import Callable
from datetime import timedelta
from threading import RLock
from typing import Any

from connector.sandbox.catalogue import OrderRecord
from connector.sandbox.exact.metadata import ENTITIES
from connector.sandbox.exact.state import Division

# The test and the threads of the fakes may ask at once, and there must be one answer.
UNPACKING = RLock()
SHOWN = ("store_hash", "kind", "customer")  # the store has the customer too, and it must be the same one


class PackedOrder(OrderRecord):
    """An order that is unpacked when more is asked than its store, its kind or its customer."""

    __slots__ = ("packed",)
    packed: bytes

    def __getattr__(self, name: str) -> Any:
        """Unpack, when the field is not there yet. Raises AttributeError for a name that an order does not have."""
        with UNPACKING:
            if name in OrderRecord.__slots__ and not _has(self, name):
                for field, value in pickle.loads(self.packed).items():
                    if not _has(self, field):
                        setattr(self, field, value)
        return object.__getattribute__(self, name)


class PackedDivision(Division):
    """A division that is unpacked when more is asked than its code."""

    def __getattr__(self, name: str) -> Any:
        """Unpack, when the attribute is not there. Raises AttributeError for a name that a division does not have."""
        with UNPACKING:
            if isinstance(self, PackedDivision):
                kept, later = pickle.loads(self.__dict__.pop("packed")), self.__dict__.pop("later")
                self.__dict__.update(kept | self.__dict__)
                object.__setattr__(self, "__class__", Division)
                move_along(self, later)
        return object.__getattribute__(self, name)


def pack(thing: object) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
    """Return how pickle makes a part that stays packed; None for any other thing."""
    if isinstance(thing, OrderRecord):
        rest = {name: getattr(thing, name) for name in OrderRecord.__slots__ if name not in SHOWN}
        return _packed_order, (pickle.dumps(rest), *(getattr(thing, name) for name in SHOWN))
    if isinstance(thing, Division):
        shown = {"code": thing.code, "settings": thing.settings, "_clock": thing._clock}
        rest = {name: value for name, value in vars(thing).items() if name not in shown}
        return _packed_division, (pickle.dumps(rest), shown)
    return None


def move_along(division: Division, later: timedelta) -> None:
    """Let the rows of a division have been entered so much later."""
    if isinstance(division, PackedDivision):
        division.__dict__["later"] = later
        return
    for endpoint in ENTITIES:
        for row in division.table(endpoint).values():
            for moment in row.keys() & {"Created", "Modified"}:
                row[moment] += later


def _has(order: OrderRecord, field: str) -> bool:
    try:
        object.__getattribute__(order, field)
    except AttributeError:
        return False
    return True


def _packed_order(rest: bytes, *shown: Any) -> PackedOrder:
    order = PackedOrder.__new__(PackedOrder)
    order.packed = rest
    for name, value in zip(SHOWN, shown, strict=True):
        setattr(order, name, value)
    return order


def _packed_division(rest: bytes, shown: dict[str, Any]) -> Division:
    division = PackedDivision.__new__(PackedDivision)
    division.__dict__.update(shown, packed=rest, later=timedelta())
    return division
