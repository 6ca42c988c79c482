"""Facts that BigCommerce gives about a store: name, currency, time zone and price basis."""

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.bigcommerce.client import StoreInfo
from connector.flow.outbound.clients import STORE_DEADLINE, trial_client
from connector.flow.setup.provision.schema import Refused
from connector.models import Store
from connector.models.credentials import Health
from connector.problems.calls import in_words
from tenants.models import Tenant

_NOWHERE = {"localtime", "Factory"}  # the machine's own zone, and none at all


def store_info(
    tenant: Tenant | None, store_hash: str, access_token: str, *, deadline: float = STORE_DEADLINE
) -> StoreInfo:
    """Ask BigCommerce for a store's facts; `deadline` in seconds.

    Raises Refused with BigCommerce's answer, or when nobody knows the store's time zone: days depend on it.
    """
    try:
        info = trial_client(tenant, store_hash, access_token, deadline=deadline).store()
    except errors.ClientError as error:
        text = _("Store %(store)s: BigCommerce does not answer as it should. %(error)s")
        raise Refused(text % {"store": store_hash, "error": in_words(error)}) from None
    return in_known_zone(store_hash, info)


def in_known_zone(store_hash: str, info: StoreInfo) -> StoreInfo:
    """Return the facts with the IANA name of the store's time zone. Raises Refused when nobody knows it."""
    zone = _known_zone(info.timezone)
    if not zone:
        text = _(
            'Store %(store)s: its time zone in BigCommerce is "%(zone)s", which is no known time zone. Choose the '
            "store's time zone in BigCommerce (Settings, General), then try again."
        )
        raise Refused(text % {"store": store_hash, "zone": info.timezone})
    return replace(info, timezone=zone)


def describe(store: Store, info: StoreInfo) -> None:
    """Set the row's columns to the store's facts. The caller saves it."""
    for name, value in columns_of(info).items():
        setattr(store, name, value)


def columns_of(info: StoreInfo) -> dict[str, Any]:
    """Return the columns of a store that BigCommerce decides, with their values."""
    return {
        "currency": info.currency,
        "country": info.country,
        "timezone": info.timezone,
        "prices_include_tax": info.prices_include_tax,
        "state": Health.ACTIVE,
    }


def _known_zone(name: str) -> str:
    """Return the IANA name of a time zone, however it is written in capitals; "" when there is none."""
    wanted = name.strip().casefold().replace(" ", "_")
    return next((zone for zone in available_timezones() - _NOWHERE if zone.casefold() == wanted), "")
