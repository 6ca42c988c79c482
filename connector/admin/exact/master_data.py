"""The codes of each division, as last pulled."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from connector.models import MasterData
from tenants.scoped_admin import ScopedModelAdmin, ScopedRelatedFilter


@admin.register(MasterData)
class MasterDataAdmin(ScopedModelAdmin):
    """GL accounts, cost centres, VAT codes, journals, items … All data comes from Exact."""

    tenant_path = "division__grant__tenant"
    readonly = True
    list_display = ("code", "name", "kind", "division")
    related = ("division",)
    list_filter = ("kind", ("division", ScopedRelatedFilter))
    search_fields = ("code__exact",)
    search_help_text = _("A code, in full.")
    sortable_by = ()
    ordering = ("division_id", "kind", "code")
    fields = ("division", "kind", "code", "name", "exact_id", "data")
