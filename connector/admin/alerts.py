"""What waits for a person."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.utils.html import format_html
from unfold.decorators import display

from connector.models import Alert
from tenants.scoped_admin import ScopedModelAdmin


@admin.register(Alert)
class AlertAdmin(ScopedModelAdmin):
    """Opened and closed by what they are about, never by hand. The list says all; a page has the times too."""

    tenant_path = "tenant"
    readonly = True
    empty_text = "No alert was ever opened. One opens when a store or a consent needs a person, and is mailed once."
    list_display = ("opened_at", "text", "mend", "closed_at")
    list_filter = (("closed_at", EmptyFieldListFilter),)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("text", "mend", "opened_at", "mailed_at", "closed_at")

    @display(description="where to mend it")
    def mend(self, obj: Alert) -> str:
        """Link to the page, when it is one of ours."""
        if not obj.page.startswith("/") or obj.page.startswith("//"):
            return obj.page
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', obj.page, "Go and mend it")
