"""The pages of all versions of the rules, read-only. The editor and provisioning make new versions."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.actions import actor_of
from connector.admin.labels import label
from connector.flow.actions.rules import use_again
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, MappingRule, PaymentRule, RuleVersion, VatRule
from tenants.roles import ACCOUNTANTS
from tenants.scope import may
from tenants.scoped_admin import ReadOnlyInline, ScopedModelAdmin, ScopedRelatedFilter, visible_rows

SHOWN_SKUS = 50
ABOVE = ("version__connection__store", "version__connection__division")


def condition_text(when: Mapping[str, Any]) -> str:
    """Return in one line when a rule matches: `country: NL, BE · line: product`."""
    return " · ".join(
        f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in when.items()
    ) or _("always")


class RuleInline(ReadOnlyInline):
    """What the lists of all three kinds of rules share on a version's page."""

    hide_title = True

    @display(description=gettext_lazy("when"))
    def condition(self, obj: MappingRule | VatRule | PaymentRule) -> str:
        """Say when the rule matches."""
        return condition_text(obj.when)


class MappingRuleInline(RuleInline):
    """The mapping rules of a version."""

    model = MappingRule
    columns = ("priority", "condition", "gl_account", "cost_center", "cost_unit", "item", "vat_code", "warehouse")


class VatRuleInline(RuleInline):
    """The VAT rules of a version."""

    model = VatRule
    columns = ("position", "condition", "code", "own_line")

    @display(description=gettext_lazy("tax as a separate line"))
    def own_line(self, obj: VatRule) -> str:
        """Show the item and the GL account of the separate line."""
        return condition_text(obj.tax_as_line) if obj.tax_as_line else ""


class PaymentRuleInline(RuleInline):
    """The payment rules of a version."""

    model = PaymentRule
    columns = ("position", "condition", "code")


class LinksToEditor(ScopedModelAdmin):
    """Adds links above a list: one to the editor of each connection's rules."""

    list_before_template: Any = "admin/connector/rules_links.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Add the connections if the person may edit."""
        connections = visible_rows(self.admin_site, Connection, request) if may(request, ACCOUNTANTS) else []
        shown: dict[str, Any] = {"connections": connections, **(extra_context or {})}
        return super().changelist_view(request, shown)


@admin.register(RuleVersion)
class RuleVersionAdmin(LinksToEditor):
    """Versions with their rules. A posted document names the version that it used."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = ("connection", "number", "in_force", "note", "saved_by", "created_at")
    list_filter = (("connection", ScopedRelatedFilter),)
    related = ("connection__store", "connection__division", "author")
    ordering = ("-id",)
    sortable_by = ()
    fields = ("connection", "number", "in_force", "note", "saved_by", "created_at", "skus")
    inlines = (MappingRuleInline, VatRuleInline, PaymentRuleInline)
    change_form_template = "admin/connector/rule_version.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleVersion]:
        """Add to each version whether a later one replaced it."""
        later = RuleVersion.objects.filter(connection=OuterRef("connection"), number__gt=OuterRef("number"))
        versions: QuerySet[RuleVersion] = super().get_queryset(request).annotate(replaced=Exists(later))
        return versions.defer("sku_items")

    @display(description=gettext_lazy("in force"))
    def in_force(self, obj: Any) -> str:
        """Mark the version that is in force."""
        return "" if obj.replaced else label("yes", _("in force"), {"yes": "success"})

    @display(description=gettext_lazy("table of SKUs"))
    def skus(self, obj: RuleVersion) -> str:
        """Count the rows, and show the first ones."""
        shown = ", ".join(f"{row['sku']} → {row['item']}" for row in obj.sku_items[:SHOWN_SKUS])
        more = " …" if len(obj.sku_items) > SHOWN_SKUS else ""
        return f"{len(obj.sku_items)}: {shown}{more}" if shown else ""

    @display(description=gettext_lazy("saved by"))
    def saved_by(self, obj: RuleVersion) -> str:
        """Show the person."""
        return str(obj.author) if obj.author else _("provisioning")

    def get_urls(self) -> list[Any]:
        """Add the address of the button."""
        view = self.admin_site.admin_view(self.again_view)
        vars(view)["model_admin"] = self
        return [path("<path:object_id>/again/", view, name="connector_ruleversion_again"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Add whether the page shows its buttons."""
        return super().render_change_form(
            request, {"may_edit_rules": may(request, ACCOUNTANTS), **context}, *args, **kwargs
        )

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put a copy of a version in force, with the person's reason. Raises PermissionDenied for other roles."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request, ACCOUNTANTS):
            raise PermissionDenied
        version: RuleVersion = self.get_object(request, unquote(object_id))
        try:
            made = use_again(version, actor_of(request), request.POST.get("reason", "").strip())
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            if made is None:
                messages.warning(request, _("These rules are in force already, so no new version was made."))
            else:
                text = _("Version %(number)s is in force. Orders that the rules held are tried again.")
                messages.success(request, text % {"number": made.number})
                version = made
        return HttpResponseRedirect(reverse("admin:connector_ruleversion_change", args=[version.pk]))


class RuleAdmin(LinksToEditor):
    """What the lists of all three kinds of rules share."""

    tenant_path = "version__connection__store__tenant"
    readonly = True
    related = ABOVE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the table of SKUs, which each rule of a version would bring along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("version__sku_items")

    @display(description=gettext_lazy("connection"))
    def connection(self, obj: MappingRule | VatRule | PaymentRule) -> str:
        """Show the connection."""
        return str(obj.version.connection)

    @display(description=gettext_lazy("when"))
    def condition(self, obj: MappingRule | VatRule | PaymentRule) -> str:
        """Say when the rule matches."""
        return condition_text(obj.when)


@admin.register(MappingRule)
class MappingRuleAdmin(RuleAdmin):
    """Lines → GL account, cost centre, item."""

    list_display = ("priority", "condition", "gl_account", "cost_center", "connection", "version")
    ordering = ("-version_id", "priority", "id")
    fields = ("version", "priority", "when", "gl_account", "cost_center", "cost_unit", "item", "vat_code", "warehouse")


@admin.register(VatRule)
class VatRuleAdmin(RuleAdmin):
    """Taxes → VAT code."""

    list_display = ("position", "condition", "code", "connection", "version")
    ordering = ("-version_id", "position")
    fields = ("version", "position", "when", "code", "tax_as_line")


@admin.register(PaymentRule)
class PaymentRuleAdmin(RuleAdmin):
    """Payment methods → payment condition."""

    list_display = ("position", "condition", "code", "connection", "version")
    ordering = ("-version_id", "position")
    fields = ("version", "position", "when", "code")
