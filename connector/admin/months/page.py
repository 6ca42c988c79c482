"""The pages of a connection's months: the list, and one month with both sides beside each other."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.admin.documents.actions import actor_of
from connector.admin.months import as_csv, as_pdf, chart, listing
from connector.admin.months.of_run import report_of
from connector.admin.months.report import Report, Row, Table
from connector.domain.document.reconcile import BY_US, Remedy
from connector.domain.document.states import LONGEST_REASON
from connector.domain.timing.days import EARLIEST, LATEST
from connector.domain.timing.periods import month_of
from connector.flow.actions import comparison, discrepancies, months
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.reconcile import run as runs
from connector.flow.reconcile.run import period_of
from connector.models import ClosedMonth, Connection, Discrepancy, ReconciliationRun
from connector.problems import remedies
from tenants.models import User
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

MOST_LATER = 500
MOST_SHOWN = 100
REFRESH_SECONDS = 3
_FILES: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "csv": ("text/csv", as_csv.render),
    "pdf": ("application/pdf", as_pdf.render),
}


def months_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """List the months since the connection has something, the newest first (`?p=2` for the next page)."""
    connection: Connection = admin.get_object(request, unquote(object_id))
    page, shown = listing.page_of(connection, _today(connection), request.GET.get("p"))
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Months of %(connection)s") % {"connection": connection},
        "connection": connection,
        "months": shown,
        "page": page,
        "part": "p",
    }
    return TemplateResponse(request, "admin/connector/months.html", context)


def month_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str, month: str) -> HttpResponseBase:
    """Show a month, or give it as a file (`?as=csv`, `?as=pdf`); close it, or open it again.

    Raises Http404 for what is no month, PermissionDenied for a person who does not keep the books.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    first = _first_day(month)
    if request.method == "POST":
        return _act(request, connection, first)
    run, closed = months.shown_run(connection, first), _closed(connection, first)
    as_file = request.GET.get("as") in _FILES
    report = report_of(run, _later(closed, None if as_file else MOST_LATER) if closed else None) if run else None
    if report and request.GET.get("as") in _FILES:
        kind, render = _FILES[request.GET["as"]]
        name = f"{connection.store.store_hash}-{connection.division.code}-{month}.{request.GET['as']}"
        return FileResponse(BytesIO(render(report)), content_type=kind, as_attachment=True, filename=name)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": report.title if report else f"{month}: {connection}",
        "connection": connection,
        "month": month,
        "report": report,
        "charts": [(each.currency, chart.draw(each.days)) for each in report.charts] if report else [],
        "size": (chart.WIDTH, chart.HEIGHT),
        "closed": closed,
        "later": _later(closed, MOST_LATER) if closed and not report else None,
        "is_over": month_of(first).end < _today(connection),
        "complete": (complete := months.is_complete(run)),
        "so_far": run is not None and run.complete and not months.is_whole(run),
        "needs_reason": not complete,
        "going": (going := _going(connection, first)),
        "refresh": REFRESH_SECONDS if going and going.state == ReconciliationRun.State.RUNNING else None,
        "may_be_compared": first <= _today(connection),
        "open_ones": _open_ones(page := _open_page(connection, first, request.GET.get("d"))),
        "page": page,
        "part": "d",
        "people": _people(connection),
        "may_act": may(request, ACCOUNTANTS),
        "longest_reason": LONGEST_REASON,
    }
    return TemplateResponse(request, "admin/connector/month.html", context)


def _act(request: HttpRequest, connection: Connection, first: date) -> HttpResponse:
    if not may(request, ACCOUNTANTS):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    try:
        if "compare" in request.POST:
            days = period_of(connection, first, min(month_of(first).end, _today(connection)))
            comparison.ask(connection, days, actor_of(request))
        elif "carry_out" in request.POST:
            discrepancies.carry_out(_difference(connection, request.POST["carry_out"]), actor_of(request), reason)
            messages.success(request, _("It is on its way. The month is compared again when it has arrived."))
        elif "accept" in request.POST:
            discrepancies.accept(_difference(connection, request.POST["accept"]), actor_of(request), reason)
            messages.success(request, _("It is accepted. The next comparison counts it as explained."))
        elif "assign" in request.POST:
            discrepancies.assign(_difference(connection, request.POST["assign"]), _person(request, connection))
        elif "close" in request.POST:
            months.close(connection, first, actor_of(request), reason)
            messages.success(request, _("The month is closed. What comes for it later is held or moved, and listed."))
        elif "open" in request.POST:
            months.open_again(connection, first, actor_of(request), reason)
            messages.success(request, _("The month is open again. What was held for it is tried again."))
    except (NotPossible, runs.NotPossible) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("admin:connector_connection_month", args=[connection.pk, f"{first:%Y-%m}"]))


def _difference(connection: Connection, key: str) -> Discrepancy:
    """An open difference of the connection. Raises Http404."""
    rows = Discrepancy.objects.filter(run__connection=connection, state=Discrepancy.State.OPEN)
    found = rows.select_related("run__connection__store", "document__connection__store").filter(
        pk=key if key.isdecimal() else 0
    )
    if (difference := found.first()) is None:
        raise Http404
    return difference


def _people(connection: Connection) -> QuerySet[User]:
    return User.objects.filter(memberships__tenant=connection.store.tenant_id).order_by("email")


def _person(request: HttpRequest, connection: Connection) -> User | None:
    """The person of the organisation who is chosen for a difference; None for nobody. Raises Http404."""
    key = request.POST.get(f"owner-{request.POST['assign']}", "")
    found = _people(connection).filter(pk=key).first() if key.isdecimal() else None
    if key and found is None:
        raise Http404
    return found


def _open_page(connection: Connection, first: date, number: str | None) -> Page[Discrepancy]:
    """A page of the open differences of a month."""
    return Paginator(months.open_in(connection, first).order_by("order_id", "id"), MOST_SHOWN).get_page(number)


def _open_ones(page: Page[Discrepancy]) -> list[dict[str, Any]]:
    """The differences of a page, each with whether the connector can put it right."""
    return [
        {"row": each, "remedy": remedies.in_words(each.remedy), "by_us": Remedy(each.remedy) in BY_US} for each in page
    ]


def _going(connection: Connection, first: date) -> ReconciliationRun | None:
    """The comparison of the month that goes on, or stands still."""
    runs_of_it = connection.reconciliations.filter(first=first, last__lte=month_of(first).end, state__in=runs.GOES_ON)
    return runs_of_it.order_by("-id").first()


def _first_day(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= first <= LATEST:
        raise Http404
    return first


def _today(connection: Connection) -> date:
    return database_now().astimezone(ZoneInfo(connection.store.timezone)).date()


def _closed(connection: Connection, first: date) -> ClosedMonth | None:
    rows = ClosedMonth.objects.filter(connection=connection, month=first, opened_at=None)
    return rows.select_related("closed_by", "connection").first()


def _later(closed: ClosedMonth, most: int | None) -> Table:
    """The documents that came for the month after it was closed, `most` of them; None for all, as the files have."""
    found = months.came_later(closed)
    title = _("Came after the month was closed")
    if most is not None and (count := found.count()) > most:
        title += f" ({_('%(shown)s of %(count)s; the files have all') % {'shown': most, 'count': count}})"
    rows = [
        Row(
            (
                str(each.order_id),
                each.noun,
                each.exact_number,
                each.get_state_display(),
                f"{each.total or ''} {each.currency}".strip(),
                f"{each.created_at:%Y-%m-%d}",
            ),
            url=reverse("admin:connector_ordersync_change", args=[each.pk]),
        )
        for each in found.select_related("connection").defer("order_data", "draft")[:most]
    ]
    columns = (_("Order"), _("Document"), _("Number in Exact"), _("State"), _("Total"), _("Came"))
    return Table(title, columns, tuple(rows), _("Nothing came later."))
