"""Rows of a vendor's list that cannot be read: they are left out and named, and the others are taken."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.rows import OddRow
from connector.flow import alerts
from connector.models import Alert, Division, ExactGrant, Store
from connector.problems.odd_rows import in_words
from tenants.models import Tenant

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHOWN = 10
LISTS: "Mapping[str, _StrPromise]" = {
    "accounts": gettext_lazy("accounts"),
    "customer_groups": gettext_lazy("customer groups"),
    "divisions": gettext_lazy("divisions"),
    "hooks": gettext_lazy("webhooks"),
    "master_data": gettext_lazy("master data"),
    "orders": gettext_lazy("orders"),
}
"""The lists by their names in an alert's cause."""


def report(tenant: Tenant, of: Store | Division | ExactGrant, what: str, odd: Sequence[OddRow]) -> None:
    """Open an alert that names the rows of the list `what`, or let it name others; close it when there are none."""
    cause = f"{alerts.about(of)}:odd_{what}"
    if not odd:
        alerts.close_alert(tenant, cause)
        return
    text = _("%(of)s: %(count)s rows of the list of %(what)s cannot be read, so they were left out: %(rows)s.")
    rows = "; ".join(map(in_words, odd[:SHOWN]))
    text %= {"of": of, "count": len(odd), "what": LISTS[what], "rows": rows}
    alerts.raise_alert(tenant, cause, text)
    Alert.objects.filter(tenant=tenant, cause=cause, closed_at=None).exclude(text=text).update(text=text)
