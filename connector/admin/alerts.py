"""What waits for a person."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.utils.html import format_html
from unfold.decorators import display

from connector.models import Alert
from tenants.scoped_admin import ScopedModelAdmin


@admin.register(Alert)
class AlertAdmin(ScopedModelAdmin):
    """Opened and closed by what they are about, never by hand."""

    tenant_path = "tenant"
    readonly = True
    list_display = ("text", "opened_at", "closed_at")
    list_filter = (("closed_at", EmptyFieldListFilter),)
    sortable_by = ()
    ordering = ("-id",)
    fields = ("text", "mend", "opened_at", "mailed_at", "closed_at")

    @display(description="where to mend it")
    def mend(self, obj: Alert) -> str:
        """Link to the page, when it is one of ours."""
        if not obj.page.startswith("/") or obj.page.startswith("//"):
            return obj.page
        return format_html('<a class="text-primary-600 underline" href="{0}">{0}</a>', obj.page)
