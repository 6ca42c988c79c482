"""Rules: every version that ever was, read-only. Provisioning makes the next one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from unfold.decorators import display

from connector.models import MappingRule, PaymentRule, RuleVersion, VatRule
from tenants.scoped_admin import ReadOnlyInline, ScopedModelAdmin

ABOVE = ("version__connection__store", "version__connection__division")


def condition_text(when: Mapping[str, Any]) -> str:
    """Say in a line when a rule matches: `country: NL, BE · line: product`."""
    return (
        " · ".join(
            f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in when.items()
        )
        or "always"
    )


class MappingRuleInline(ReadOnlyInline):
    """The mapping rules of a version."""

    model = MappingRule
    columns = ("priority", "when", "gl_account", "cost_center", "cost_unit", "item", "vat_code")


class VatRuleInline(ReadOnlyInline):
    """The VAT rules of a version."""

    model = VatRule
    columns = ("position", "when", "code", "tax_as_line")


class PaymentRuleInline(ReadOnlyInline):
    """The payment rules of a version."""

    model = PaymentRule
    columns = ("position", "when", "code")


@admin.register(RuleVersion)
class RuleVersionAdmin(ScopedModelAdmin):
    """Versions with their rules; a posted document names the one it used."""

    tenant_path = "connection__store__tenant"
    readonly = True
    list_display = ("connection", "number", "note", "created_at")
    related = ("connection__store", "connection__division")
    ordering = ("-id",)
    fields = ("connection", "number", "note", "created_at")
    inlines = (MappingRuleInline, VatRuleInline, PaymentRuleInline)


class RuleAdmin(ScopedModelAdmin):
    """What the lists of the three kinds of rules share."""

    tenant_path = "version__connection__store__tenant"
    readonly = True
    related = ABOVE

    @display(description="connection")
    def connection(self, obj: MappingRule | VatRule | PaymentRule) -> str:
        """Name the connection."""
        return str(obj.version.connection)

    @display(description="when")
    def condition(self, obj: MappingRule | VatRule | PaymentRule) -> str:
        """Say when the rule matches."""
        return condition_text(obj.when)


@admin.register(MappingRule)
class MappingRuleAdmin(RuleAdmin):
    """Lines → GL account, cost centre, item."""

    list_display = ("priority", "condition", "gl_account", "cost_center", "connection", "version")
    ordering = ("-version_id", "priority", "id")
    fields = ("version", "priority", "when", "gl_account", "cost_center", "cost_unit", "item", "vat_code")


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
