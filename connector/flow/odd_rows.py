"""Rows of a vendor's list that cannot be read: they are left out and named, and the others are taken."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from connector.flow import alerts
from connector.models import Division, Store
from tenants.models import Tenant

SHOWN = 10


def report(tenant: Tenant, of: Store | Division, what: str, odd: Sequence[str]) -> None:
    """Open an alert that names the rows of the list `what`; close it when there are none."""
    cause = f"{alerts.about(of)}:odd_{what}"
    if not odd:
        alerts.close_alert(tenant, cause)
        return
    text = _("%(of)s: %(count)s rows of the list of %(what)s cannot be read, so they were left out: %(rows)s.")
    rows = "; ".join(odd[:SHOWN])
    alerts.raise_alert(tenant, cause, text % {"of": of, "count": len(odd), "what": what, "rows": rows})
