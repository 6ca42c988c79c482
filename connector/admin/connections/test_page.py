"""The page "Test connection": it tests both sides and links each finding to the page where it is fixed."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from connector.admin.documents.explanation import PAGE_NAMES, page_url
from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE, VENDORS, Finding
from connector.flow.setup.connection_test.run import check, passed
from connector.models import Connection
from tenants.models import Role
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

TESTERS = frozenset({Role.OWNER, Role.ACCOUNTANT, Role.OPERATOR})


def test_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Test one connection and show the findings. Raises PermissionDenied for other roles."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may(request, TESTERS):
        raise PermissionDenied
    connection: Connection = admin.get_object(request, unquote(object_id))
    findings = check(connection)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Test of %(connection)s") % {"connection": connection},
        "connection": connection,
        "passed": passed(findings),
        "to_fix": sum(finding.ok is False for finding in findings),
        "sides": [_side(side, findings, connection) for side in (STORE_SIDE, EXACT_SIDE)],
    }
    return TemplateResponse(request, "admin/connector/checks.html", context)


def _side(side: str, findings: Iterable[Finding], connection: Connection) -> dict[str, Any]:
    """Return one vendor's findings. Those to fix come first."""
    mine = sorted((finding for finding in findings if finding.side == side), key=_urgency)
    return {"name": VENDORS[side], "rows": [_row(finding, connection) for finding in mine]}


def _urgency(finding: Finding) -> int:
    return {False: 0, None: 1, True: 2}[finding.ok]


def _row(finding: Finding, connection: Connection) -> dict[str, Any]:
    return {
        "finding": finding,
        "url": page_url(finding.page, connection) if finding.ok is not True else "",
        "page": PAGE_NAMES.get(finding.page, ""),
    }
