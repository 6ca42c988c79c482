"""Adding a connection: first its two sides, then its settings and the rules to begin with."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget

from connector.admin.connection_form import ConnectionForm
from connector.admin.document_actions import actor_of
from connector.admin.rule_editor import RuleEditorMixin
from connector.flow import rules
from connector.flow.provision import codes
from connector.flow.provision.apply import today
from connector.models import Connection, Division, Store
from connector.models.connections import Health
from tenants.models import Role
from tenants.scope import may
from tenants.scoped_admin import visible_rows


def _offer(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class SidesForm(forms.Form):
    """Which store, and which division."""

    store = forms.ModelChoiceField(
        Store.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        help_text="Where the orders come from. Add it under Stores first if it is not in the list.",
    )
    division = forms.ModelChoiceField(
        Division.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        help_text="Where the invoices go. In the list is each division whose consent works and whose master data was "
        "read; connect to Exact and pick divisions under Exact consents.",
    )

    def __init__(self, site: Any, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        divisions = visible_rows(site, Division, request).filter(grant__state=Health.ACTIVE)
        _offer(self.fields["store"], visible_rows(site, Store, request).order_by("name"))
        _offer(self.fields["division"], divisions.exclude(master_data_at=None).order_by("code"))

    def clean(self) -> dict[str, Any]:
        """Refuse two sides of different organisations, and two that are connected."""
        sides = super().clean() or {}
        store, division = sides.get("store"), sides.get("division")
        if store and division:
            if store.tenant_id != division.grant.tenant_id:
                raise forms.ValidationError("The store and the division belong to different organisations.")
            if Connection.objects.filter(store=store, division=division).exists():
                raise forms.ValidationError("These two are connected already; change that connection instead.")
        return sides

    def connection(self) -> Connection:
        """Return the connection to be, not saved. Call it when the form is valid."""
        store = self.cleaned_data["store"]
        return Connection(store=store, division=self.cleaned_data["division"], start_date=today(store))


class NewConnectionForm(ConnectionForm):
    """The settings of a connection, and which rules it begins with."""

    sources: ClassVar[QuerySet[Connection]] = Connection.objects.none()
    copy_rules_from = forms.ModelChoiceField(
        Connection.objects.none(),
        required=False,
        empty_label="None: begin without rules",
        widget=UnfoldAdminSelectWidget(),
        help_text="Its rules as they are now become this connection's first version. Without rules every order is "
        "held; you write them on the next page.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["copy_rules_from"], self.sources)

    def problems(self, row: Connection) -> list[tuple[str, str]]:
        """Look at the rules to be copied too: this division may lack what they name."""
        found = super().problems(row)
        if source := self.cleaned_data.get("copy_rules_from"):
            filed = rules.as_filed(rules.in_force(source))
            wrong = codes.rule_problems(filed, codes.known_of(row.division), row.document)
            found += [("copy_rules_from", f"Its rules cannot be copied: {text}") for _, text in wrong]
        return found


class AddingMixin(RuleEditorMixin):
    """Gives the connections their page for a new one, to owners."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let an owner add."""
        return may(request, {Role.OWNER})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the two sides, and when both are known show the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sides = self._sides(request)
        if sides.is_valid():
            return super().add_view(request, form_url, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "title": "Connect a store with a division",
            "opts": self.opts,
            "form": sides,
        }
        return TemplateResponse(request, "admin/connector/connection_sides.html", context)

    def _sides(self, request: HttpRequest) -> SidesForm:
        chosen = request.GET if {"store", "division"} & set(request.GET) else None
        return SidesForm(self.admin_site, request, chosen)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """Begin a new one with its two sides."""
        if obj is not None:
            form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
            return form
        form = super().get_form(request, obj, change=change, **{**kwargs, "form": NewConnectionForm})
        sides = self._sides(request)
        fresh = sides.connection() if sides.is_valid() else None
        sources = visible_rows(self.admin_site, Connection, request).filter(rule_versions__isnull=False).distinct()
        if fresh:
            sources = sources.filter(store__tenant=fresh.store.tenant_id)
        return type(form.__name__, (form,), {"fresh": fresh, "sources": sources, "__module__": form.__module__})

    def begin(self, request: HttpRequest, connection: Connection, source: Connection | None) -> None:
        """Save a new connection with its first version of the rules."""
        connection.save()
        taken = rules.in_force(source) if source else None
        note = f"Copied from {source}, {taken}" if taken else "Begun without rules"
        rules.save_version(connection, rules.as_filed(taken), author=actor_of(request), note=note)

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the new connection's page."""
        self.message_user(request, f"{obj} is connected, in mode {obj.get_mode_display()}.")
        return HttpResponseRedirect(reverse("admin:connector_connection_change", args=[obj.pk]))
