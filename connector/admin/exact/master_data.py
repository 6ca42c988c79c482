"""The codes of each division, as last pulled."""

from django.contrib import admin
from django.contrib.admin import display
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.admin.labels import label
from connector.models import MasterData
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter

COLOURS = {"blocked": "danger", "ended": "danger", "unsold": "warning"}


@admin.register(MasterData)
class MasterDataAdmin(ScopedModelAdmin):
    """GL accounts, cost centres, VAT codes, journals, items … All data comes from Exact."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("code", "name", "kind", "can_be_used", "division")
    related = ("division",)
    list_filter = ("kind", ("division", ScopedRelatedFilter))
    search_fields = ("code__exact",)
    search_help_text = _("A code, in full.")
    sortable_by = ()
    ordering = ("division_id", "kind", "code")
    fields = ("division", "kind", "code", "name", "can_be_used", "exact_id", "data")

    @display(description=_("can be used"))
    def can_be_used(self, obj: MasterData) -> str:
        """Say what keeps a code from being used. One that is gone from Exact is not in the list any more."""
        if obj.data.get("blocked"):
            return label("blocked", gettext("blocked in Exact"), COLOURS)
        if obj.data.get("ended"):
            return label("ended", gettext("its end date has passed"), COLOURS)
        if obj.data.get("is_sales") is False:
            return label("unsold", gettext("not for sale"), COLOURS)
        return gettext("yes")
