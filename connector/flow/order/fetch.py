"""Reads an order from the store in one call, and turns it into the domain's order."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.order.bare import bare_order
from connector.domain.order.model import Order
from connector.domain.order.read import UnreadableOrder, read_order
from connector.flow.hold import Hold

# Personal data that no invoice needs; it is not kept.
_LEFT_OUT = {
    "ip_address",
    "ip_address_v6",
    "geoip_country",
    "geoip_country_iso2",
    "staff_notes",
    "credit_card_type",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An order as the domain sees it, and its raw data.

    `is_bare`: the customer is forgotten, so the ledger keeps nothing that tells who it was.
    """

    order: Order
    raw: dict[str, Any]
    is_bare: bool = False

    @property
    def kept(self) -> dict[str, Any]:
        """The raw data that the ledger keeps."""
        return bare_order(self.raw) if self.is_bare else self.raw

    @property
    def payment_status(self) -> str:
        """BigCommerce's word for the payment's status: captured, authorized, pending, …; "" when it has none."""
        return str(self.raw["order"].get("payment_status") or "").strip()[:40]

    def facts(self, time_zone: str) -> dict[str, Any]:
        """What a row of the ledger keeps of the order, besides its draft. The time zone is the store's."""
        order = self.order
        who = {"customer": (order.billing.company or order.billing.name)[:200], "email": order.billing.email[:254]}
        return {
            "order_data": self.kept,
            "total": order.total_inc,
            "currency": order.currency,
            "ordered_on": order.created.astimezone(ZoneInfo(time_zone)).date(),
            **(dict.fromkeys(who, "") if self.is_bare else who),
            "payment_status": self.payment_status,
            "change_pending": False,
        }


def fetch(client: BigCommerceClient, order_id: int, *, prices_include_tax: bool | None) -> Fetched:
    """Read one order from the store. `prices_include_tax` is the store's setting; it is kept with the order.

    Raises ClientError when the store does not answer as it should, and Hold when the order cannot be understood.
    """
    return read({**client.order(order_id), "prices_include_tax": prices_include_tax})


def read(raw: dict[str, Any]) -> Fetched:
    """Read an order from its raw data. Raises Hold when a field is missing or cannot be read."""
    kept = {**raw, "order": {name: value for name, value in raw["order"].items() if name not in _LEFT_OUT}}
    try:
        return Fetched(read_order(kept), kept)
    except UnreadableOrder as error:
        raise Hold((error.problem,)) from error
