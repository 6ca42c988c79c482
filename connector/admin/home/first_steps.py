"""The steps from an empty organisation to the first invoice. A step that is done is ticked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from connector.domain.choices import POSTING_MODES
from connector.models import Connection, Division, ExactGrant, Store
from connector.models.credentials import Health


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do once, and the page on which it is done."""

    name: str
    done: bool
    page: str


def steps(
    grants: Collection[ExactGrant],
    divisions: Collection[Division],
    stores: Collection[Store],
    connections: Collection[Connection],
    delivered: bool,
) -> list[Step]:
    """Return all steps; [] when all are done."""
    found = [
        Step(_("Connect Exact Online"), any(_works(grant) for grant in grants), _page("exactgrant", grants)),
        Step(_("Pick the divisions"), bool(divisions), _divisions(grants)),
        Step(_("Add your store"), bool(stores), _page("store", stores)),
        Step(_("Connect store and division, with rules"), bool(connections), _page("connection", connections)),
        Step(_("Receive the first order"), delivered, reverse("admin:connector_delivery_changelist")),
        Step(
            _("Go live"),
            any(_posts(connection) for connection in connections),
            _page("connection", connections, add=False),
        ),
    ]
    return [] if all(step.done for step in found) else found


def _works(grant: ExactGrant) -> bool:
    return grant.state == Health.ACTIVE and grant.refresh_expires_at is not None


def _posts(connection: Connection) -> bool:
    """Return whether the connection posts, or posted before it was paused."""
    return any(mode in POSTING_MODES for mode in (connection.mode, connection.paused_mode))


def _page(model: str, rows: Iterable[Any], *, add: bool = True) -> str:
    """Return the page of the first row, or the page that adds a row."""
    first = next(iter(rows), None)
    if first is not None:
        return reverse(f"admin:connector_{model}_change", args=[first.pk])
    return reverse(f"admin:connector_{model}_{'add' if add else 'changelist'}")


def _divisions(grants: Iterable[ExactGrant]) -> str:
    first = next(iter(grants), None)
    return reverse("admin:connector_exactgrant_divisions", args=[first.pk]) if first else ""
