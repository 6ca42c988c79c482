"""What lies in the warehouses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from connector.clients.exact import records
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.wire import Row, decimal, guid

MOST_ITEMS = 20  # in one call: the address must not grow too long
_SELECT = "ID,Division,Item,Warehouse,CurrentStock"


@dataclass(frozen=True, slots=True)
class Position:
    """The pieces of an item in a warehouse. Both are ids in lower case. `pieces` may be negative."""

    item: str
    warehouse: str
    pieces: Decimal


def positions_of(division: DivisionCalls, items: Sequence[str]) -> Iterator[Position]:
    """What lies of the items with these ids, in every warehouse that they belong to, twenty items a call. An item that
    is in no warehouse, such as one that is not kept in stock, has no position.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=InventoryItemWarehouses"""
    left = iter(dict.fromkeys(items))
    while batch := list(islice(left, MOST_ITEMS)):
        where = " or ".join(f"Item eq {guid(item)}" for item in batch)
        yield from division.pages("inventory/ItemWarehouses", _SELECT, _read, where)


def _read(row: Row) -> Position:
    item, warehouse = (records.required_id(row, name).casefold() for name in ("Item", "Warehouse"))
    return Position(item, warehouse, decimal(row, "CurrentStock") or Decimal(0))
