"""Rows of a vendor's list that cannot be read: they are left out and named, and the others are taken."""

from collections.abc import Sequence

from connector.clients.rows import OddRow
from connector.flow import alerts
from connector.models import Division, ExactGrant, Store
from connector.problems import odd_rows
from connector.problems.alerts import AlertCode, alert_text
from tenants.models import Tenant

SHOWN = 10


def report(tenant: Tenant, of: Store | Division | ExactGrant, what: str, odd: Sequence[OddRow]) -> None:
    """Open an alert that names the rows of the list `what`, or let it name others; close it when there are none."""
    cause = f"{alerts.about(of)}:odd_{what}"
    if not odd:
        alerts.close_alert(tenant, cause)
        return
    said = alert_text(AlertCode.ROWS_LEFT_OUT, owner=of, count=len(odd), list=what, rows=odd_rows.as_param(odd[:SHOWN]))
    alerts.raise_alert(tenant, cause, said)
    alerts.say_again(tenant, cause, said)
