"""The filters of the ledger's list: what is typed and chosen, and that a link keeps it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.domain.document.states import State
from connector.flow.ledger import held_causes, to_settle
from connector.models import Connection, OrderSync, Store
from connector.problems.titles import title
from tenants.scoped_admin import visible_rows

CAUSES_OFFERED = 20


class ToSettle(admin.SimpleListFilter):
    """Filters documents of which a person settles store credit or a gift certificate."""

    title = gettext_lazy("to settle by hand")
    parameter_name = "to_settle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the one choice."""
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
        """Keep those with an amount that waits for a person."""
        return to_settle.waiting(queryset) if self.value() else queryset


class OfCause(admin.SimpleListFilter):
    """Filters documents that one cause holds, the most frequent causes first."""

    title = gettext_lazy("cause")
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the causes by their names, with the number of their documents."""
        held = visible_rows(model_admin.admin_site, OrderSync, request).exclude(cause="").order_by()
        found = held.values("cause").annotate(number=Count("pk"), newest=Max("pk")).order_by("-number", "cause")
        causes = list(found[:CAUSES_OFFERED])
        newest = OrderSync.objects.filter(pk__in=[each["newest"] for each in causes]).only(*held_causes.NEEDED)
        rows = {row.pk: row for row in newest[:CAUSES_OFFERED]}
        return [(each["cause"], f"{title_of(rows[each['newest']])} ({each['number']})") for each in causes]

    def has_output(self) -> bool:
        """Whether it filters or can: a link to a cause that holds nothing any more must not show all documents."""
        return bool(self.value() or self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
        """Keep those that the cause holds."""
        return queryset.filter(cause=self.value()) if self.value() else queryset


def cause_text(document: OrderSync) -> str:
    """Return what holds a document, why it was skipped, or that its order changed after posting."""
    if document.change_pending and document.state == State.POSTED:
        return _("changed after posting")
    return title_of(document) if document.state == State.BLOCKED else document.get_reason_display()


def title_of(document: OrderSync) -> str:
    """Return the name of what holds a document; its reason where it was held before there were codes."""
    return title(document.code, document.params, document.reason) if document.code else document.get_reason_display()


class OfStore(admin.SimpleListFilter):
    """Filters the documents of all connections of a store. Offered where there are several stores."""

    title = gettext_lazy("store")
    parameter_name = "store"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the organisation's stores."""
        self._connections = visible_rows(model_admin.admin_site, Connection, request)
        stores = [(str(store.pk), store.name) for store in visible_rows(model_admin.admin_site, Store, request)[:100]]
        return stores if len(stores) > 1 else []

    def has_output(self) -> bool:
        """Whether it filters or can."""
        return bool(self.value() or self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
        """Keep those of the store. Of another organisation's there are none."""
        if not (store := self.value()):
            return queryset
        if not (store.isascii() and store.isdecimal() and len(store) < 19):
            return queryset.none()
        ids = list(self._connections.filter(store=int(store)).values_list("pk", flat=True))
        return queryset.filter(connection__in=ids)


class Range(admin.ListFilter):
    """Filters by a value between two that a person types; each of them may be left out.

    What cannot be read finds nothing, and says so: an export must not have more than was asked for.
    """

    template = "admin/connector/ledger_range.html"
    column: ClassVar[str]
    kind: ClassVar[str] = "text"
    labels: ClassVar[tuple[Promise, Promise]] = (gettext_lazy("from"), gettext_lazy("to"))

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.error = ""
        self.typed = {name: str(params.pop(name)[-1]).strip() for name in self.names if name in params}

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two parameters."""
        return f"{self.column}_from", f"{self.column}_to"

    def read(self, text: str) -> Any:
        """Return the value of a text. Raises ValidationError."""
        raise NotImplementedError

    def has_output(self) -> bool:
        """Whether there is a filter: always."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """Return the names of the two parameters."""
        return list(self.names)

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Yield the form: its two fields, and the other filters that it keeps."""
        kept = {name: value for name, value in self.request.GET.items() if name not in {*self.names, PAGE_VAR}}
        fields = [(name, label, self.typed.get(name, "")) for name, label in zip(self.names, self.labels, strict=True)]
        yield {"fields": fields, "kept": kept, "kind": self.kind, "error": self.error}

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
        """Keep those between the two values, which both count."""
        try:
            return queryset.filter(**self._conditions())
        except ValidationError as error:
            self.error = " ".join(error.messages)
            return queryset.none()

    def _conditions(self) -> Mapping[str, Any]:
        given = zip(self.names, ("gte", "lte"), strict=True)
        typed = [(which, text) for name, which in given if (text := self.typed.get(name))]
        return {f"{self.column}__{which}": self.read(text) for which, text in typed}


class OrderedOn(Range):
    """Filters by the day of the order."""

    title = gettext_lazy("order date")
    column = "ordered_on"
    kind = "date"

    def read(self, text: str) -> date:
        """Return the day."""
        day = forms.DateField().clean(text)
        assert isinstance(day, date)
        return day


class OfTotal(Range):
    """Filters by the total, of credit notes below zero."""

    title = gettext_lazy("total")
    column = "total"

    def read(self, text: str) -> Decimal:
        """Return the amount, which may have the reader's form: `1.234,50` in Dutch."""
        if get_format("DECIMAL_SEPARATOR") in text:
            text = text.replace(get_format("THOUSAND_SEPARATOR"), "").replace("\xa0", "")
        amount = forms.DecimalField(localize=True, max_digits=18, decimal_places=4).clean(text)
        assert isinstance(amount, Decimal)
        return amount
