"""The page of bulk re-posts: each one's progress by cause, and the button that stops it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.actions import actor_of
from connector.admin.labels import label
from connector.flow.actions import bulk_repost
from connector.flow.actions.transaction import NotPossible
from connector.models import BulkRun
from connector.models.document_words import REASON_NAMES
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

REFRESH_SECONDS = 2
COLOURS = {BulkRun.State.RUNNING.value: "info", BulkRun.State.DONE.value: "success"}


@admin.register(BulkRun)
class BulkRunAdmin(ScopedModelAdmin):
    """The bulk re-posts, newest first."""

    tenant_path = "tenant"
    readonly = True
    empty_text = gettext_lazy(
        "There was no bulk re-post yet. Tick documents in the ledger and choose Re-post above its list."
    )
    list_display = ("created_at", "how", "progress", "reason", "who", "what_came_of_it")
    related = ("actor",)
    ordering = ("-id",)
    change_form_template = "admin/connector/bulk_run.html"
    fields = (
        "how",
        "progress",
        "time_left",
        "at_work",
        "reason",
        "who",
        "what_came_of_it",
        "created_at",
        "finished_at",
    )

    def get_urls(self) -> list[Any]:
        """Add the address of the stop button before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.stop_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/stop/", view, name="connector_bulkrun_stop"), *super().get_urls()]

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin no more documents; those in work are finished. Raises PermissionDenied for other roles."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request, OPERATORS):
            raise PermissionDenied
        run: BulkRun = self.get_object(request, unquote(object_id))
        try:
            bulk_repost.stop(run, actor_of(request), request.POST.get("reason", "").strip() or _("stopped by hand"))
        except NotPossible as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:connector_bulkrun_change", args=[run.pk]))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show each run as far as its documents are."""
        response = super().changelist_view(request, extra_context)
        if listed := (getattr(response, "context_data", None) or {}).get("cl"):
            bulk_repost.look(*listed.result_list)
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> BulkRun:
        """Return a run as far as its documents are."""
        run: BulkRun = super().get_object(request, object_id, from_field)
        bulk_repost.look(run)
        return run

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add the causes in the reader's words."""
        causes = [
            {
                **cause,
                "reason": REASON_NAMES.get(cause["reason"], cause["reason"]),
                "text": bulk_repost.cause_in_words(cause),
                "state": BulkRun.State(cause["state"]).label,
            }
            for cause in kwargs["obj"].causes
        ]
        refresh = REFRESH_SECONDS if kwargs["obj"].state == BulkRun.State.RUNNING else None
        shown = {**context, "causes": causes, "refresh": refresh}
        return super().render_change_form(request, shown, *args, **kwargs)

    @display(description=gettext_lazy("state"))
    def how(self, obj: BulkRun) -> str:
        """Colour the state."""
        return label(obj.state, obj.get_state_display(), COLOURS)

    @display(description=gettext_lazy("progress"))
    def progress(self, obj: BulkRun) -> str:
        """Show how many documents are done, and of how many."""
        return _("%(number)s of %(total)s") % {"number": obj.settled, "total": obj.total}

    @display(description=gettext_lazy("time left, about"))
    def time_left(self, obj: BulkRun) -> str:
        """Estimate the time that is left."""
        if obj.state != BulkRun.State.RUNNING:
            return ""
        return bulk_repost.in_words(bulk_repost.remaining(obj))

    @display(description=gettext_lazy("current"))
    def at_work(self, obj: BulkRun) -> str:
        """Say what the documents have in common that it sends now."""
        return bulk_repost.current_of(obj)

    @display(description=gettext_lazy("message"))
    def what_came_of_it(self, obj: BulkRun) -> str:
        """Say how far it got, or who stopped it."""
        return bulk_repost.progress_of(obj)

    @display(description=gettext_lazy("who"))
    def who(self, obj: BulkRun) -> str:
        """Show the person; empty when a command did it."""
        return str(obj.actor or "")
