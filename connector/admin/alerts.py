"""The page of alerts: what needs a person."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter, display
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from connector.models import Alert
from connector.problems.alerts import kept_in_words
from tenants.scoped_admin import ScopedModelAdmin


@admin.register(Alert)
class AlertAdmin(ScopedModelAdmin):
    """Alerts open and close by themselves. The list shows all of an alert except its times."""

    tenant_path = "tenant"
    readonly = True
    empty_text = _(
        "There was no alert yet. An alert opens when a store or a consent needs a person, and is mailed once."
    )
    list_display = ("opened_at", "what", "where_to_fix", "closed_at")
    list_filter = (("closed_at", EmptyFieldListFilter),)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("what", "where_to_fix", "opened_at", "mailed_at", "closed_at")

    @display(description=_("text"))
    def what(self, obj: Alert) -> str:
        """Show what it says."""
        return kept_in_words(obj)

    @display(description=_("where to fix it"))
    def where_to_fix(self, obj: Alert) -> str:
        """Link to the page when it is in the portal."""
        if not obj.page.startswith("/") or obj.page.startswith("//"):
            return obj.page
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', obj.page, _("Open the page"))
