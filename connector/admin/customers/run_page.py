"""The page "Pull and push": a run over all customers of a connection, its progress, and what came of it."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.actions import actor_of
from connector.admin.fit_result import notice
from connector.domain.document.result import from_json
from connector.flow.clock import database_now
from connector.flow.customer.runs import run as runs
from connector.flow.customer.runs.scope import Refused, why_not
from connector.models import Connection, CustomerRun, StoreCustomer
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REFRESH_SECONDS: Final = 3
State = CustomerRun.State


def run_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the newest run of a connection; begin, pause, resume or stop one.

    Raises PermissionDenied when a person who is no operator sends the form.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    if request.method == "POST":
        if not may(request, OPERATORS):
            raise PermissionDenied
        try:
            _act(request, connection)
        except Refused as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    run = runs.latest(connection)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Customers: %(connection)s") % {"connection": connection},
        "connection": connection,
        "may": may(request, OPERATORS),
        "run": run,
        "why_not": why_not(connection, carries=True),
        "all_runs": f"{reverse('admin:connector_customerrun_changelist')}?connection__id__exact={connection.pk}",
        **(_of_run(connection, run) if run else {}),
    }
    return TemplateResponse(request, "admin/connector/customers/run.html", context)


def _act(request: HttpRequest, connection: Connection) -> None:
    """Do what was pressed. Raises Refused."""
    run, actor = runs.latest(connection), actor_of(request)
    for what in CustomerRun.What:
        if what.value in request.POST:
            runs.start(connection, actor, what)
            messages.success(request, _("It has begun. Live orders go first."))
    for name, act in (("pause", runs.pause), ("resume", runs.resume), ("stop", runs.stop)):
        if run is not None and name in request.POST:
            act(run)


def _of_run(connection: Connection, run: CustomerRun) -> dict[str, Any]:
    going = run.state == State.RUNNING
    problems = from_json(run.problems) if isinstance(run.problems, list) else ()
    steps = list(CustomerRun.Step)
    last = CustomerRun.Step.MATCH if run.what == CustomerRun.What.REPORT else steps[-1]
    return {
        "waits": going and run.due_at is not None and run.due_at > database_now(),
        "of_all": max(StoreCustomer.objects.filter(store=connection.store_id).count(), run.handled, 1),
        "step_number": steps.index(CustomerRun.Step(run.step)) + 1,
        "steps": steps.index(last) + 1,
        "reports": run.what == CustomerRun.What.REPORT,
        "refresh": REFRESH_SECONDS if going else None,
        "goes_on": run.state in {State.RUNNING, State.PAUSED, State.FAILED},
        "causes": [notice(connection, each) for each in problems],
    }
