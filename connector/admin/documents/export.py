"""The files of what the ledger's list is filtered to: CSV of any length, and Excel."""

import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from connector.admin.documents import as_csv, as_xlsx
from connector.admin.documents.exported_rows import Known, cells, headings
from connector.admin.documents.tried import TriedMixin
from connector.models import Connection, OrderSync
from tenants.scope import active_tenant
from tenants.scoped_admin import CappedPaginator, visible_rows

A_TIME = 1000  # documents that are read and written at once
MOST_IN_EXCEL = 100_000  # its file begins when all is written, which takes half a minute then
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportMixin(TriedMixin):
    """Adds the two files to the ledger, for all who may read it. They have the list's filters, search and rows."""

    def get_urls(self) -> list[Any]:
        """Add the files' addresses before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.export_view)
        vars(view)["model_admin"] = self
        files = [
            path(f"export.{form}", view, {"form": form}, name=f"connector_ordersync_{form}") for form in ("csv", "xlsx")
        ]
        return [*files, *super().get_urls()]

    def export_context(self, request: HttpRequest, listed: ChangeList) -> dict[str, Any]:
        """What the list shows of it: how many documents were found, and the addresses of the two files."""
        number = listed.result_count
        text = ngettext("%(number)s document", "%(number)s documents", number)
        if number >= CappedPaginator.CAP:
            text = _("%(number)s documents or more")
        query = listed.get_query_string(remove=[PAGE_VAR])
        files = [
            (name, reverse(f"admin:connector_ordersync_{form}") + query)
            for form, name in (("csv", "CSV"), ("xlsx", "Excel"))
        ]
        found = text % {"number": number_format(number, force_grouping=True)}
        return {"found": found, "files": files if number and active_tenant(request) else []}

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """Give the file. Raises PermissionDenied for who may not read the ledger, or has chosen no organisation."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        tenant = active_tenant(request)
        if tenant is None or not self.has_view_permission(request):
            raise PermissionDenied
        page = reverse("admin:connector_ordersync_changelist")
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{page}?e=1")
        connections = visible_rows(self.admin_site, Connection, request).select_related("store", "division")
        known = Known.of(tenant, connections)
        rows = rows.select_related(None)
        name = f"ledger-{localdate().isoformat()}.{form}"
        if form == "csv":
            answer = StreamingHttpResponse(_csv(rows, known), content_type="text/csv;charset=utf-8")
            answer["Content-Disposition"] = content_disposition_header(True, name)
            return answer
        if len(rows.order_by().values_list("pk")[: MOST_IN_EXCEL + 1]) > MOST_IN_EXCEL:
            text = _("Excel files have at most %(most)s documents here. Narrow the filter, or take CSV.")
            messages.error(request, text % {"most": number_format(MOST_IN_EXCEL, force_grouping=True)})
            return HttpResponseRedirect(f"{page}?{request.GET.urlencode()}")
        file = io.BytesIO()
        as_xlsx.write(file, headings(), cells(_all(rows), known))
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _all(rows: QuerySet[OrderSync]) -> Iterator[OrderSync]:
    return rows.iterator(chunk_size=A_TIME)


def _csv(rows: QuerySet[OrderSync], known: Known) -> Iterator[str]:
    """Return the file in parts. They are written after the request's language has ended, so each one sets it."""
    return chain([as_csv.MARK + as_csv.lines([headings()])], _parts(_all(rows), known, get_language() or ""))


def _parts(documents: Iterator[OrderSync], known: Known, language: str) -> Iterator[str]:
    while part := list(islice(documents, A_TIME)):
        with override(language):
            text = as_csv.lines(cells(part, known))
        yield text
