"""Credentials on a page: whether one is set, never what it is."""

from typing import Any, ClassVar

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from unfold.decorators import display

from tenants.scoped_admin import ScopedModelAdmin


class CredentialsAdmin(ScopedModelAdmin):
    """Adds the page's `credentials` line. The database tells what is empty, so nothing is decrypted."""

    secrets: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Ask of every credential whether there is one."""
        asked = {f"{name}_is_set": ExpressionWrapper(~Q(**{name: ""}), BooleanField()) for name in self.secrets}
        rows: QuerySet[Any] = super().get_queryset(request)
        answered: QuerySet[Any] = rows.annotate(**asked)
        return answered

    @display(description="credentials")
    def credentials(self, obj: Any) -> str:
        """Say of each credential whether it is set."""
        return format_html_join(
            "",
            "<div>{}: <strong>{}</strong></div>",
            (
                (name.replace("_", " "), "set" if getattr(obj, f"{name}_is_set", False) else "not set")
                for name in self.secrets
            ),
        )
