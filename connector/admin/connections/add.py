"""Adds a connection: first its two sides, then its settings and its first rules."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from connector.admin.connections.form import ConnectionForm
from connector.admin.documents.actions import actor_of
from connector.flow.setup import codes, rule_versions
from connector.flow.setup.provision.apply import today
from connector.models import Connection, Division, Store
from connector.models.credentials import Health
from connector.models.kept_words import english
from tenants.scoped_admin import ScopedModelAdmin, visible_rows


def _offer(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class SidesForm(forms.Form):
    """Which store, and which division."""

    store = forms.ModelChoiceField(
        Store.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy(
            "Where the orders come from. Add the store under Stores first if it is not in the list."
        ),
    )
    division = forms.ModelChoiceField(
        Division.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy(
            "Where the invoices go. The list has each division whose consent works and whose master data was read. "
            "Connect to Exact and pick divisions under Exact consents."
        ),
    )

    def __init__(self, site: Any, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        divisions = visible_rows(site, Division, request).filter(grant__state=Health.ACTIVE)
        _offer(self.fields["store"], visible_rows(site, Store, request).order_by("name"))
        _offer(self.fields["division"], divisions.exclude(master_data_at=None).order_by("code"))

    def clean(self) -> dict[str, Any]:
        """Check the two sides. Raises ValidationError for different organisations, and for connected sides."""
        sides = super().clean() or {}
        store, division = sides.get("store"), sides.get("division")
        if store and division:
            if store.tenant_id != division.grant.tenant_id:
                raise forms.ValidationError(_("The store and the division belong to different organisations."))
            if Connection.objects.filter(store=store, division=division).exists():
                raise forms.ValidationError(_("These two are connected already. Change that connection instead."))
        return sides

    def connection(self) -> Connection:
        """Return the new connection, not saved. The form must be valid."""
        store = self.cleaned_data["store"]
        return Connection(store=store, division=self.cleaned_data["division"], start_date=today(store))


class NewConnectionForm(ConnectionForm):
    """The settings of a connection, and the connection from which it copies its first rules."""

    sources: ClassVar[QuerySet[Connection]] = Connection.objects.none()
    copy_rules_from = forms.ModelChoiceField(
        Connection.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: begin without rules"),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy(
            "The rules of that connection become this connection's first version. Without rules every order is held. "
            "You write the rules on the next page."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["copy_rules_from"], self.sources)

    def problems(self, row: Connection) -> list[tuple[str, str]]:
        """Check the copied rules too: this division may not have their codes."""
        found = super().problems(row)
        if source := self.cleaned_data.get("copy_rules_from"):
            filed = rule_versions.as_filed(rule_versions.in_force(source))
            wrong = codes.rule_problems(filed, codes.known_of(row.division), row.document)
            found += [
                ("copy_rules_from", _("Its rules cannot be copied: %(problem)s") % {"problem": text})
                for _place, text in wrong
            ]
        return found


def sides_of(admin: ScopedModelAdmin, request: HttpRequest) -> SidesForm:
    """Return the form of the two sides, with the sides in the address filled in."""
    chosen = request.GET if {"store", "division"} & set(request.GET) else None
    return SidesForm(admin.admin_site, request, chosen)


def sides_view(admin: ScopedModelAdmin, request: HttpRequest, sides: SidesForm) -> HttpResponse:
    """Ask for the two sides."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Connect a store with a division"),
        "opts": admin.opts,
        "form": sides,
    }
    return TemplateResponse(request, "admin/connector/connection_sides.html", context)


def with_sides(admin: ScopedModelAdmin, request: HttpRequest, form: type[Any]) -> type[Any]:
    """Return the form of a new connection between the two chosen sides."""
    sides = sides_of(admin, request)
    fresh = sides.connection() if sides.is_valid() else None
    sources = visible_rows(admin.admin_site, Connection, request).filter(rule_versions__isnull=False).distinct()
    if fresh:
        sources = sources.filter(store__tenant=fresh.store.tenant_id)
    return type(form.__name__, (form,), {"fresh": fresh, "sources": sources, "__module__": form.__module__})


def begin(request: HttpRequest, connection: Connection, source: Connection | None) -> None:
    """Save a new connection with its first version of the rules."""
    connection.save()
    taken = rule_versions.in_force(source) if source else None
    note = (
        english("Copied from %(connection)s, %(version)s") % {"connection": source, "version": taken}
        if taken
        else english("Begun without rules")
    )
    rule_versions.save_version(connection, rule_versions.as_filed(taken), author=actor_of(request), note=note)
