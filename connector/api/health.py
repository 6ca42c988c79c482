"""Whether the process lives, and whether it can do its work."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from connector.flow import lane_work, leases


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, and no work has been due for longer than three sweeps."""
    try:
        late = leases.database_now() - timedelta(seconds=3 * settings.CONNECTOR_SWEEP_SECONDS)
        forgotten = bool(lane_work.lanes_with_work(late))
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    state = {"status": "unavailable" if forgotten else "ok", "database": True, "workers": not forgotten}
    return JsonResponse(state, status=503 if forgotten else 200)
