"""The step that tries the orders of the last days: how many would be posted, and what holds the others."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.admin.fit_result import cause, in_currency, money, names_of, notice, titles
from connector.domain.document.result import from_json
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.progress import StepState
from connector.models import Connection, FitRun
from connector.onboarding.frame import Visit

REFRESH_SECONDS = 3
STATES = {
    FitRun.State.RUNNING: StepState.RUNNING,
    FitRun.State.DONE: StepState.DONE,
    FitRun.State.TROUBLE: StepState.TROUBLE,
}


def show(visit: Visit) -> dict[str, Any]:
    """Return the last run: its progress, or what came of it."""
    connection = visit.progress.connection
    assert connection is not None
    run = fit_run.latest(connection)
    state = StepState.TODO if run is None else STATES.get(FitRun.State(run.state), StepState.TODO)
    shown: dict[str, Any] = {"run": run, "state": state, "next": ""}
    if state == StepState.RUNNING:
        shown["refresh"] = REFRESH_SECONDS
    if run is not None and state == StepState.TROUBLE:
        shown["causes"] = [notice(connection, problem) for problem in from_json(run.problems)]
    if run is not None and state == StepState.DONE:
        shown |= _found(connection, run)
    return shown


def act(visit: Visit) -> bool:
    """Begin, stop or go on with a run, try the held orders again, or go to the next step."""
    connection, posted = visit.progress.connection, visit.request.POST
    assert connection is not None
    run = fit_run.latest(connection)
    if "go" in posted:
        if run is not None and run.state == FitRun.State.DONE:
            return True
        visit.draft.keep(errors={"": [_("Try the orders first.")]})
    elif "stop" in posted and run is not None:
        fit_run.stop(run)
    elif "run" in posted:
        visit.draft.forget()
        _run(visit, connection, run, posted["run"])
    return False


def _run(visit: Visit, connection: Connection, run: FitRun | None, what: str) -> None:
    """Do what the button says: `held` tries the held orders again, `on` goes on, anything else begins."""
    match what, run:
        case "held", FitRun(state=FitRun.State.DONE):
            fit_run.try_held_again(run)
        case "on", FitRun():
            fit_run.resume(run)
        case _:
            fit_run.start(connection, visit.user)


def _found(connection: Connection, run: FitRun) -> dict[str, Any]:
    result = run.result
    names = names_of(connection)
    return {
        "headline": ngettext(
            "%(fit)s of %(orders)s order would be posted, %(money)s, to the cent.",
            "%(fit)s of %(orders)s orders would be posted, %(money)s, to the cent.",
            result["orders"],
        )
        % {"fit": result["fit"], "orders": result["orders"], "money": money(result["totals"])},
        "result": result,
        "tables": [_table(result[f"by_{kind}"], title, names[kind]) for kind, title in titles().items()],
        "months": [_month(each) for each in result["months"]],
        "causes": [cause(connection, each) for each in result["causes"]],
        "skips": [cause(connection, each) for each in result["skips"]],
    }


def _table(codes: Mapping[str, Any], title: str, names: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        {
            "code": code,
            "name": names.get(code, ""),
            "documents": sums["documents"],
            "net": money(sums["nets"]),
            "vat": money(sums["vats"]),
        }
        for code, sums in codes.items()
    ]
    return {"title": title, "rows": rows}


def _month(month: Mapping[str, Any]) -> dict[str, Any]:
    amounts = ("shop", "posted", "redeemed", "held", "skipped", "difference")
    return {**month, **{name: in_currency(month[name], month["currency"]) for name in amounts}}
