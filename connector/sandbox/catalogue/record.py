"""One order as a store keeps it. The API returns its parts together or one by one."""

from dataclasses import dataclass, field
from typing import Any

from connector.sandbox.catalogue.cart import Deed

Json = dict[str, Any]

STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}
# The merchant's own labels. They are free text, so nothing may depend on them.
LABELS = STATUSES | {11: "Ready to pack", 10: "Done"}


@dataclass(slots=True)
class OrderRecord:
    """An order with its sub-resources, as V2 JSON. `kind` says what the order is an example of.

    With `consignments_empty`, a read with `include=consignments` returns consignments without line items, as some
    stores do for orders that were made through the API. `past` and `later` are the changes that its merchant makes.
    """

    store_hash: str
    kind: str
    order: Json
    products: list[Json]
    shipping_addresses: list[Json]
    pickups: list[Json] = field(default_factory=list)
    coupons: list[Json] = field(default_factory=list)
    taxes: list[Json] = field(default_factory=list)
    fees: list[Json] = field(default_factory=list)
    transactions: list[Json] = field(default_factory=list)
    customer: Json | None = None
    recipient_email: str = ""
    consignments_empty: bool = False
    past: tuple[Deed, ...] = ()
    later: tuple[Deed, ...] = ()

    @property
    def order_id(self) -> int:
        number = self.order["id"]
        assert isinstance(number, int)
        return number
