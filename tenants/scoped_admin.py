"""Access to rows in the portal: every admin class derives from `ScopedModelAdmin`."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import AdminSite, RelatedFieldListFilter, ShowFacets
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import flatten_fieldsets
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BigIntegerField, Field, ForeignKey, IntegerField, Model, Q, QuerySet
from django.db.models.fields.related_lookups import RelatedIn
from django.forms import ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline

from tenants.fields import SecretField
from tenants.models import Role, Tenant
from tenants.scope import active_tenant, may, role, scope

if TYPE_CHECKING:  # generic for the type checker only
    AnyPaginator = Paginator[Any]
    AnyForm = ModelForm[Any]
else:
    AnyPaginator = Paginator
    AnyForm = ModelForm


class CappedPaginator(AnyPaginator):
    """Counts and shows at most 10,000 rows. A person filters or searches to see others."""

    CAP = 10_000

    @cached_property
    def count(self) -> int:
        """The number of rows, at most the cap."""
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: self.CAP].count()
        return len(self.object_list)


class MergedPaginator(CappedPaginator):
    """Shows the newest rows of an organisation without sorting all of them.

    `key` is a foreign key to a few rows of the organisation, the groups: its stores or its connections. An index has
    the rows of a group with the newest first; the first rows of every group are merged. It needs the ordering by id
    alone.
    """

    key: str

    def page(self, number: int | str) -> Page[Any]:
        """Return a page. SQLite, which is for small installations, cannot merge and sorts."""
        listed = self.object_list
        assert isinstance(listed, QuerySet)
        groups = _condition(listed).rhs
        merges = len(groups) > 1 and connection.features.supports_slicing_ordering_in_compound
        if not merges or not self.count:  # nothing is no part of a union
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        rows = listed.order_by("-pk").values("pk")
        newest, *others = (self._of(group, rows)[:last] for group in groups)
        shown = newest.union(*others, all=True).order_by("-pk")[first:last]
        ids = [row["pk"] for row in shown]
        return Page(listed.filter(pk__in=ids), number, self)

    def _of(self, group: int, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of one group, whose condition takes the place of the one that names all groups.

        With both, a planner multiplies their shares, expects few rows, and sorts many.
        """
        one, every = rows.all(), _condition(rows)
        kept = [child for child in one.query.where.children if not (isinstance(child, RelatedIn) and child is every)]
        one.query.where.children = kept
        return one.filter(**{self.key: group})


def _condition(rows: QuerySet[Any]) -> RelatedIn:
    """Return the condition that names the groups: the first of its kind, since `within_scope` sets it first."""
    return next(child for child in rows.query.where.children if isinstance(child, RelatedIn))


def visible_rows(site: AdminSite, model: type[Model], request: HttpRequest) -> QuerySet[Any]:
    """Return the rows of a model that the request may see, as the model's own admin class decides."""
    try:
        return site.get_model_admin(model).get_queryset(request)
    except NotRegistered:
        return model._default_manager.none()


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A filter on a foreign key that offers only rows of the active tenant. Django's own offers all rows."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer at most 100 rows of the related model's own list."""
        rows = visible_rows(model_admin.admin_site, field.related_model, request)
        return [(str(row.pk), str(row)) for row in rows[:100]]


class ScopedForm(AnyForm):
    """Checks the whole row against the database's constraints.

    Django skips a constraint that names a field outside the form. The database would then refuse the row.
    """

    def clean(self) -> dict[str, Any]:
        """Check the row that the form would save. Raises ValidationError."""
        super().clean()
        self.check_row(self.row())
        return dict(self.cleaned_data)

    def row(self) -> Any:
        """Return the row that the form would save."""
        row = copy.copy(self.instance)
        for name, value in self.cleaned_data.items():
            setattr(row, name, value)
        return row

    def check_row(self, row: Any) -> None:
        """Raise ValidationError when the row would break a constraint of the database."""
        row.validate_constraints(exclude={*row.get_deferred_fields(), *self.errors})


class ScopedModelAdmin(ModelAdmin):
    """Shows and changes rows of the active tenant only. Rights come from the role in it alone.

    A superuser who has not chosen a tenant sees all rows and changes none. Every field is read-only
    unless `editable` names it. Nothing is added or deleted unless a subclass says so. Credentials are never
    loaded, so they are neither shown nor needed to show the rest.
    """

    tenant_path: ClassVar[str]
    """The look-up from the model to its tenant, such as `store__tenant`."""
    change_roles: ClassVar[frozenset[Role]] = frozenset({Role.OWNER})
    readonly: ClassVar[bool] = False
    editable: ClassVar[tuple[str, ...]] = ()
    newest_of: ClassVar[str] = ""
    """The foreign key by which the list is merged, of a model whose rows become many. See MergedPaginator."""
    related: ClassVar[tuple[str, ...]] = ()
    """What is fetched with each row, in lists and on pages (`list_select_related` is for lists only)."""

    actions = None
    form = ScopedForm
    list_per_page = 50
    paginator = CappedPaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False

    # --- Which rows -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the active tenant's rows. Credentials are not loaded, also not those of related rows."""
        rows = super().get_queryset(request).defer(*_secrets(self.model, self.related))
        if self.related:
            rows = rows.select_related(*self.related)
        return self.within_scope(request, rows)

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Any:
        """Merge the rows of `newest_of`. A superuser who has chosen no tenant sees all rows, which need no merge.

        A row's history has this class's paginator too, and rows of another model.
        """
        tenant = active_tenant(request)
        if not self.newest_of or tenant is None or queryset.model is not self.model:
            return super().get_paginator(request, queryset, per_page, *args, **kwargs)
        paginator = MergedPaginator(queryset, per_page, *args, **kwargs)
        paginator.key = self.newest_of
        return paginator

    def _groups(self, tenant: Tenant) -> list[int]:
        """Return the tenant's rows to which `newest_of` leads. Their ids, instead of a join, show an index's use."""
        groups = self.model._meta.get_field(self.newest_of).related_model
        path = self.tenant_path.partition("__")[2]
        return list(groups._default_manager.filter(**{path: tenant.pk}).values_list("pk", flat=True))

    def within_scope(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the active tenant's rows. A superuser who has chosen no tenant sees all rows."""
        tenant = active_tenant(request)
        if tenant is not None and self.newest_of:
            return rows.filter(**{f"{self.newest_of}__in": self._groups(tenant)})
        if tenant is not None:
            return rows.filter(**{self.tenant_path: tenant.pk})
        return rows if scope(request).superuser else rows.none()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Give the list the title that the side bar has."""
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row by its id. Raises Http404 for an unknown id, and also for another tenant's row."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404(_("There is no such %(name)s.") % {"name": self.opts.verbose_name})
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offer and accept only rows of the related model's own list."""
        kwargs["queryset"] = visible_rows(self.admin_site, db_field.related_model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse to filter by a credential through the address bar."""
        secrets = {"password", *_secrets(self.model, ())}
        return lookup.partition("__")[0] not in secrets and super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find rows where a field of `search_fields` equals the whole term. An index makes this fast."""
        term = search_term.strip()
        if not term:
            return queryset, False
        fields = [self.model._meta.get_field(name.removesuffix("__exact")) for name in self.get_search_fields(request)]
        matches = [match for field in fields if (match := _equals(field, term))]
        return queryset.filter(Q(*matches, _connector=Q.OR)) if matches else queryset.none(), False

    # --- Who may do what --------------------------------------------------------------------------
    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the section to every role."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let every role see. `get_queryset` decides which rows."""
        return role(request) is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the roles of `change_roles` change."""
        return not self.readonly and may(request, self.change_roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody add."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete: other rows or the history refer to nearly every row."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Make every field read-only that `editable` does not name."""
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return tuple(str(name) for name in shown if name not in self.editable)


class PlatformModelAdmin(ScopedModelAdmin):
    """For rows without a tenant. Only superusers see them, with any tenant chosen."""

    tenant_path = ""

    def within_scope(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show all rows to a superuser, and none to other people."""
        return rows if scope(request).superuser else rows.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers see."""
        return scope(request).superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers change."""
        return not self.readonly and scope(request).superuser


class ReadOnlyInline(TabularInline):
    """Rows that belong to a visible row: shown, never changed."""

    columns: ClassVar[tuple[str, ...]]
    extra = 0
    can_delete = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show `columns`."""
        return self.columns

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Make every column read-only."""
        return tuple(self.columns)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Show the rows to each person who sees the parent row."""
        return role(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete."""
        return False


def _secrets(model: type[Model], related: tuple[str, ...]) -> Iterator[str]:
    """Yield the look-up of each credential of a model and of its related rows, so that it is not loaded."""
    yield from (field.name for field in model._meta.fields if isinstance(field, SecretField))
    for path in related:
        target, prefix = model, ""
        for step in path.split("__"):
            field = target._meta.get_field(step)
            assert isinstance(field, ForeignKey)
            target = field.related_model
            prefix += f"{step}__"
            yield from (prefix + field.name for field in target._meta.fields if isinstance(field, SecretField))


def _equals(field: object, term: str) -> Q | None:
    """Return the comparison of a field with a search term; None when the field cannot have that value."""
    if isinstance(field, IntegerField):
        fits = term.isascii() and term.isdecimal() and int(term) <= BigIntegerField.MAX_BIGINT
        return Q(**{field.name: int(term)}) if fits else None
    if "\x00" in term or not isinstance(field, Field):
        return None
    return Q(**{f"{field.name}__in": sorted({term, term.lower()})})
