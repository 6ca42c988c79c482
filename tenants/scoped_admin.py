"""The one door to rows in the portal: every admin class derives from `ScopedModelAdmin`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.contrib.admin import RelatedFieldListFilter, ShowFacets
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, IntegerField, Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin, TabularInline

from tenants.fields import SecretField
from tenants.models import Role
from tenants.scope import active_tenant, may, role, scope


class CappedPaginator(Paginator[Any]):
    """Counts and shows the first 10,000 rows; beyond them a person filters or searches."""

    CAP = 10_000

    @cached_property
    def count(self) -> int:
        """Count no further than the cap."""
        return len(self.object_list[: self.CAP]) if isinstance(self.object_list, list) else self._count()

    def _count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: self.CAP].count()
