"""The step of the division: one is chosen by name and asked, and a worker reads its master data."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.flow.clock import database_now
from connector.flow.leases import LeaseLost
from connector.flow.setup import divisions, first_read
from connector.flow.setup.connection_test import new_division
from connector.flow.setup.progress import StepState
from connector.models import Division, ExactGrant
from connector.onboarding.frame import Visit, as_row
from connector.problems.calls import in_words
from tenants.unreadable import UnreadableSecret

REFRESH_SECONDS = 3
SHOWN_ERRORS = (ClientError, LeaseLost, UnreadableSecret)


def show(visit: Visit) -> dict[str, Any]:
    """Return the divisions, what the asked one answered, and how far the read is."""
    grant, chosen, draft = _grant(visit), visit.progress.division, visit.draft
    typed = {"division": str(chosen.code) if chosen else _only(grant), **draft.typed}
    running = visit.progress.states["division"] == StepState.RUNNING
    reading = chosen is not None and bool(chosen.pull_alive_at or chosen.pull)
    errors = draft.errors.get("", [])
    if not grant.reachable:
        errors = [*errors, _reaches_none(grant)]
    return {
        "rows": [{**row, "checked": str(row["code"]) == typed["division"]} for row in grant.reachable],
        "wrong": draft.errors.get("division", []),
        "grant": grant,
        "errors": errors,
        "facts": draft.values.get("facts", []),
        "findings": draft.values.get("findings", []),
        "chosen": chosen,
        "so_far": first_read.so_far(chosen) if chosen and reading else None,
        "refresh": REFRESH_SECONDS if running else 0,
        "exact_page": reverse("get-started-step", kwargs={"step": "exact"}),
    }


def act(visit: Visit) -> bool:
    """Ask a division, choose it, or read the list of divisions once more."""
    posted, grant = visit.request.POST, _grant(visit)
    if "read" in posted:
        return _read_list(visit, grant)
    reached = {str(row["code"]) for row in grant.reachable}
    typed = {"division": posted.get("division", "") or _only(grant)}
    if typed["division"] not in reached:
        words = _("Choose one of the divisions, such as %(example)s.")
        visit.draft.keep(typed={}, errors={"division": [words % {"example": min(reached, default="123456")}]})
        return False
    if "go" in posted:
        try:
            _choose(visit, grant, int(typed["division"]))
        except divisions.NotYours as refusal:
            visit.draft.keep(typed=typed, errors={"division": [str(refusal)]})
            return False
        return True
    answer = new_division.ask(grant, int(typed["division"]))
    found = [as_row(finding) for finding in answer.findings]
    visit.draft.keep(typed=typed, facts=answer.facts, findings=found)
    return False


@transaction.atomic
def _choose(visit: Visit, grant: ExactGrant, code: int) -> None:
    """Take the division and have its master data read. Raises NotYours."""
    present = visit.progress.connection
    if present is not None and present.division.code != code:
        raise divisions.NotYours(_("The store is connected with another division already. Change that in the portal."))
    divisions.take(grant, [code])
    division = Division.objects.get(region=grant.region, code=code)
    Division.objects.filter(pk=division.pk).update(chosen_at=database_now())
    first_read.ask(division)


def _read_list(visit: Visit, grant: ExactGrant) -> bool:
    errors = {}
    try:
        divisions.read_reachable(grant)
    except SHOWN_ERRORS as error:
        words = _("Exact did not answer as it should. Everything is kept: try again in some minutes. %(error)s")
        errors = {"": [words % {"error": in_words(error)}]}
    visit.draft.keep(typed=visit.draft.typed, errors=errors)
    return False


def _reaches_none(grant: ExactGrant) -> str:
    words = _(
        "%(user)s reaches no division with this app. Connect once more as a person who may use the administration, or "
        "let the administrator give that right in Exact."
    )
    return words % {"user": grant.exact_user_name or _("The Exact user")}


def _only(grant: ExactGrant) -> str:
    return str(grant.reachable[0]["code"]) if len(grant.reachable) == 1 else ""


def _grant(visit: Visit) -> ExactGrant:
    assert visit.progress.grant is not None  # the step before is done
    return ExactGrant.objects.select_related("tenant").get(pk=visit.progress.grant.pk)
