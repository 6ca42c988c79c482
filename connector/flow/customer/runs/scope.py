"""Which connections a pull, a push or a report is for, and why one cannot be begun."""

from django.utils.translation import gettext as _

from connector.domain.choices import POSTING_MODES, CustomerDirection, Mode
from connector.models import Connection, Store
from tenants.models import Tenant


class Refused(Exception):
    """It cannot be begun so. The message says why, and what to do instead."""


def connections_of(tenant: str, store_hash: str | None, *, carries: bool) -> list[Connection]:
    """Return the connections of a tenant, or of one store, whose customers are dealt with: of each store those that
    post, else those that are switched on.

    `carries`: details are carried over, so a connection that lets none go either way is not dealt with. Raises Refused
    for an unknown tenant or store, and when none is left.
    """
    if not Tenant.objects.filter(slug=tenant).exists():
        raise Refused(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
    if store_hash is not None and not Store.objects.filter(tenant__slug=tenant, store_hash=store_hash).exists():
        raise Refused(_("The tenant has no store '%(store)s'.") % {"store": store_hash})
    related = ("store__tenant", "division__grant__tenant")
    rows = Connection.objects.select_related(*related).filter(store__tenant__slug=tenant).order_by("pk")
    found = list(rows if store_hash is None else rows.filter(store__store_hash=store_hash))
    if not found:
        raise Refused(_("No store of the tenant is connected to a division, so there is nothing to match."))
    fit = [each for each in _used(found) if why_not(each, carries=carries) is None]
    if not fit:
        raise Refused(why_not(_used(found)[0], carries=carries) or "")
    return fit


def require(connection: Connection, *, carries: bool = True) -> None:
    """Raise Refused when the connection's customers cannot be dealt with."""
    if why := why_not(connection, carries=carries):
        raise Refused(why)


def why_not(connection: Connection, *, carries: bool) -> str | None:
    """Return why a connection's customers cannot be dealt with; None when they can."""
    if connection.mode == Mode.OFF:
        text = _("%(connection)s is switched off, so its customers are left alone. Switch it on first.")
        return text % {"connection": connection}
    if carries and connection.customer_direction == CustomerDirection.NONE:
        text = _(
            "%(connection)s carries customer details neither to Exact nor to the store. Choose in its settings which "
            "way they go first."
        )
        return text % {"connection": connection}
    return None


def writes(connection: Connection) -> bool:
    """Whether a pull of the connection writes to the sides: in shadow mode it only matches."""
    return connection.mode in POSTING_MODES


def _used(connections: list[Connection]) -> list[Connection]:
    """Those of each store that post; of a store without one, those that are on; else all."""
    posting = {each.store_id for each in connections if each.mode in POSTING_MODES}
    on = {each.store_id for each in connections if each.mode != Mode.OFF}
    return [
        each
        for each in connections
        if each.mode in POSTING_MODES
        or (each.store_id not in posting and (each.mode != Mode.OFF or each.store_id not in on))
    ]
