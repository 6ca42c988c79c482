"""Says whether the process runs, and whether it can do its work."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from connector.api.access import may_see_figures
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.flow.worker import heartbeat, worker_missing


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database and the broker answer, a worker lives, and no work has been due for longer than three sweeps.

    Details are only for this machine and for requests with METRICS_TOKEN. They name the workers that are silent too,
    also while others do the work.
    """
    details = {"database": False, "broker": False, "workers": False}
    silent: list[str] = []
    try:
        now = database_now()
        details["workers"] = heartbeat.workers_are_ready(now)
        silent = [worker.name for worker in heartbeat.silent(now)]
        if silent:
            worker_missing.notice(now)
        details["database"] = True
        details["broker"] = wakeup.broker_answers()
    except DatabaseError:
        details["workers"] = False
    ready = all(details.values())
    more = {**details, "silent": silent} if may_see_figures(request) else {}
    body = {"status": "ok" if ready else "unavailable", **more}
    return JsonResponse(body, status=200 if ready else 503)
