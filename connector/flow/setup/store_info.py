"""What BigCommerce says of a store: its name, currency, time zone and price basis."""

from zoneinfo import ZoneInfo

from django.conf import settings

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient, StoreInfo
from connector.clients.transport import Call, Transport
from connector.flow.setup.provision.schema import Refused
from connector.models import Store


def store_info(transport: Transport, store_hash: str, access_token: str, *, deadline: float = 30.0) -> StoreInfo:
    """Ask a store to describe itself, for so many seconds. Raises Refused with what BigCommerce says instead."""
    client = BigCommerceClient(
        transport,
        base_url=settings.BIGCOMMERCE_API_URL,
        store_hash=store_hash,
        access_token=access_token,
        on_call=_ignore,
        deadline=deadline,
    )
    try:
        return client.store()
    except errors.ClientError as error:
        raise Refused(f"Store {store_hash}: BigCommerce does not answer as it should. {error}") from None


def _ignore(call: Call) -> None:
    """There is no row yet to which this call could be written."""


def describe(store: Store, info: StoreInfo) -> None:
    """Write into the row what a store that answered says of itself; not saved."""
    for name, value in {
        "currency": info.currency,
        "country": info.country,
        "timezone": _known_zone(info.timezone),
        "prices_include_tax": info.prices_include_tax,
        "state": "active",
    }.items():
        setattr(store, name, value)


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError):
        return "UTC"
