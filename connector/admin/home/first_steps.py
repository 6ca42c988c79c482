"""The steps from an empty organisation to the first invoice. A step that is done is ticked."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from connector.flow.setup.progress import Progress, StepState


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do once, and the page on which it is done."""

    name: str
    done: bool
    page: str


def steps(found: Progress) -> list[Step]:
    """Return all steps; [] when orders come and are posted by rules."""
    done = {name: state == StepState.DONE for name, state in found.states.items()}
    if done["mapping"] and done["live"]:
        return []
    connection = found.connection
    settings = reverse("admin:connector_connection_change", args=[connection.pk]) if connection else ""
    return [
        Step(_("Add your store"), done["store"], _wizard("store")),
        Step(_("Connect Exact Online"), done["exact"], _wizard("exact")),
        Step(_("Choose the division"), done["division"], _wizard("division")),
        Step(_("Connect store and division, with rules"), done["mapping"], _wizard("mapping")),
        Step(_("Receive the first order"), found.delivered, reverse("admin:connector_delivery_changelist")),
        Step(_("Go live"), found.states["live"] != StepState.TODO, settings),
    ]


def _wizard(step: str) -> str:
    return reverse("get-started-step", kwargs={"step": step})
