"""The documents that a person's change has sent on again: how many, and how each arrives, on a page that looks again.

They are known by the lines of the history that the change wrote: those between two numbers.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.admin.documents.actions import DocumentActionsMixin, actor_of
from connector.admin.documents.explanation import in_words
from connector.domain.document.states import State
from connector.flow.actions import bulk_repost
from connector.flow.actions.causes import try_again
from connector.flow.actions.transaction import NotPossible
from connector.models import OrderSync, SyncEvent
from tenants.models import Tenant
from tenants.roles import OPERATORS
from tenants.scope import active_tenant, may

REFRESH_SECONDS = 2
SHOWN = 50
MOST = 1000
ON_THE_WAY = bulk_repost.ON_THE_WAY


@dataclass(slots=True)
class Watch:
    """The numbers of the history's lines before and after a change."""

    after: int
    until: int = 0

    @property
    def page(self) -> str:
        """The address of the page of the documents that the change sent on; "" when it sent on none."""
        if not self.until or not _events(self.after, self.until).exists():
            return ""
        return reverse("admin:connector_ordersync_tried", args=[self.after, self.until])


@contextmanager
def watch(tenant: Tenant) -> Iterator[Watch]:
    """Note which lines of the history a change writes within the block."""
    watched = Watch(_newest(tenant))
    yield watched
    watched.until = _newest(tenant)


def _newest(tenant: Tenant) -> int:
    return SyncEvent.objects.filter(tenant=tenant).order_by("-id").values_list("pk", flat=True).first() or 0


def _events(after: int, until: int) -> Any:
    """The lines that say that a held document is tried again."""
    sent_on = {"data__from": State.BLOCKED, "data__to": State.PENDING}
    return SyncEvent.objects.filter(pk__gt=after, pk__lte=until, document__isnull=False, **sent_on)


class TriedMixin(DocumentActionsMixin):
    """Adds to the ledger the page of what is tried again, and the button that tries a cause again."""

    def get_urls(self) -> list[Any]:
        """Add the two addresses before the page's own, which matches every other address."""
        pages = (
            path("tried/<int:after>-<int:until>/", self._guarded(self.tried_view), name="connector_ordersync_tried"),
            path("<path:object_id>/try-cause/", self._guarded(self.cause_view), name="connector_ordersync_try-cause"),
        )
        return [*pages, *super().get_urls()]

    def _guarded(self, view: Any) -> Any:
        guarded = self.admin_site.admin_view(view)
        vars(guarded)["model_admin"] = self
        return guarded

    def tried_view(self, request: HttpRequest, after: int, until: int) -> HttpResponse:
        """Show the documents and how far each is. Raises PermissionDenied for a person of no organisation."""
        tenant = active_tenant(request)
        if tenant is None or not self.has_view_permission(request):
            raise PermissionDenied
        keys = _events(after, until).filter(tenant=tenant).values_list("document", flat=True)[:MOST]
        documents = list(self.get_queryset(request).filter(pk__in=list(keys)).order_by("pk"))
        states = Counter(State(document.state) for document in documents)
        going = sum(states[state] for state in ON_THE_WAY)
        number = len(documents)
        text = ngettext("%(number)s document is tried again", "%(number)s documents are tried again", number)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": text % {"number": number},
            "number": number,
            "going": going,
            "posted": states[State.POSTED],
            "held": states[State.BLOCKED],
            "rows": [_row(document) for document in documents[:SHOWN]],
            "more": number > SHOWN,
            "refresh": REFRESH_SECONDS if going else None,
        }
        return TemplateResponse(request, "admin/connector/tried.html", context)

    def cause_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try again all documents that have the cause of this one, by POST.

        Raises Http404 for an unknown document, PermissionDenied for a person who may not re-post.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request, OPERATORS):
            raise PermissionDenied
        document: OrderSync = self.get_object(request, unquote(object_id))
        try:
            run = try_again(document, actor_of(request))
        except NotPossible as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(reverse("admin:connector_bulkrun_change", args=[run.pk]))


def _row(document: OrderSync) -> dict[str, Any]:
    going = document.state in ON_THE_WAY
    return {
        "order": document.order_id,
        "page": reverse("admin:connector_ordersync_change", args=[document.pk]),
        "state": document.get_state_display(),
        "going": going,
        "said": _said(document),
    }


def _said(document: OrderSync) -> str:
    """Say what became of a document."""
    if document.state == State.POSTED:
        return _("Posted as %(document)s.") % {"document": document.heading}
    return in_words(document).partition("\n")[0]
