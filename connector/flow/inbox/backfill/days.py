"""Which connection a backfill is for, and which days. The days are those of the store's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from connector.domain.choices import POSTING_MODES, Mode
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.models import Connection, Store
from tenants.models import Tenant

DAY = timedelta(days=1)
EARLIEST = date(2000, 1, 1)  # no store is older; a day that is mistyped is


class Refused(Exception):
    """A backfill cannot be begun so. The message says why, and what to do instead."""


def connection_of(tenant: str, store_hash: str, division: int | None = None) -> Connection:
    """Return the connection of a store that takes its orders: the one that posts, else the only one that is on.

    `division` is a division's code, for a store with several connections. Raises Refused.
    """
    if not Tenant.objects.filter(slug=tenant).exists():
        raise Refused(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
    if not Store.objects.filter(tenant__slug=tenant, store_hash=store_hash).exists():
        raise Refused(_("The tenant has no store '%(store)s'.") % {"store": store_hash})
    related = ("store__tenant", "division__grant__tenant")
    rows = Connection.objects.select_related(*related).filter(store__tenant__slug=tenant, store__store_hash=store_hash)
    found = list(rows.filter(division__code=division) if division is not None else rows)
    if not found:
        raise Refused(_("Store '%(store)s' is not connected to a division.") % {"store": store_hash})
    on = [each for each in found if each.mode != Mode.OFF]
    wanted = [each for each in on if each.mode in POSTING_MODES] or on
    if len(wanted) > 1:
        codes = ", ".join(str(each.division.code) for each in wanted)
        raise Refused(
            _("Store '%(store)s' has several connections: give --division, one of %(codes)s.")
            % {"store": store_hash, "codes": codes}
        )
    if not wanted:
        require_on(found[0])
    return wanted[0]


def require_on(connection: Connection) -> None:
    """Raise Refused when the connection is switched off."""
    if connection.mode == Mode.OFF:
        text = _("%(connection)s is switched off, so nothing would become of the orders. Switch it on first.")
        raise Refused(text % {"connection": connection})


def days_of(store: Store, since: date, until: date | None) -> tuple[date, date]:
    """Return the first and the last day of a backfill; without `until` it ends today. Raises Refused."""
    today = today_of(store)
    if since < EARLIEST:
        text = _("%(day)s is before %(earliest)s, and no store has orders of then.")
        raise Refused(text % {"day": since, "earliest": EARLIEST})
    for day in filter(None, (since, until)):
        if day > today:
            text = _("%(day)s is in the future. In the store's time zone it is %(today)s.")
            raise Refused(text % {"day": day, "today": today})
    last = until or today
    if last < since:
        text = _("The last day, %(until)s, is before the first, %(since)s.")
        raise Refused(text % {"until": last, "since": since})
    return since, last


def today_of(store: Store) -> date:
    """Return the day in the store's time zone."""
    return database_now().astimezone(ZoneInfo(store.timezone)).date()


def moments_of(store: Store, since: date, until: date) -> tuple[datetime, datetime]:
    """Return when the first day begins, and when the last one is over (UTC). A day may have 23 or 25 hours."""
    zone = ZoneInfo(store.timezone)
    begins, ends = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (since, until + DAY))
    return begins, ends


def day_of(order: Order, store: Store) -> date:
    """Return the business date of an order: the day in the store's time zone."""
    return order.created.astimezone(ZoneInfo(store.timezone)).date()
