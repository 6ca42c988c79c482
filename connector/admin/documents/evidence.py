"""The button that gives the file of evidence of an order."""

import io
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import path

from connector.flow.records.evidence import evidence_of
from connector.models import OrderSync
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin


class EvidenceMixin(ScopedModelAdmin):
    """Adds the file of evidence to the ledger. It has personal data, so it is for accountants and owners."""

    def get_urls(self) -> list[Any]:
        """Add the file's address before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.evidence_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/evidence/", view, name="connector_ordersync_evidence"), *super().get_urls()]

    def may_have_evidence(self, request: HttpRequest) -> bool:
        """Whether this person may have the file."""
        return may(request, ACCOUNTANTS)

    def evidence_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Give the file of the document's order.

        Raises Http404 for an unknown document, PermissionDenied when the person's role may not have it.
        """
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.may_have_evidence(request):
            raise PermissionDenied
        document: OrderSync = self.get_object(request, unquote(object_id))
        store = document.connection.store
        file = evidence_of(store.tenant, document.order_id, store.store_hash)
        name = f"evidence-{store.store_hash}-{document.order_id}.zip"
        return FileResponse(io.BytesIO(file), as_attachment=True, filename=name)
