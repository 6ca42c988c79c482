"""Names of tables and columns for a person: the code's own names, through gettext."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db.models import Field, Model
from django.utils import translation


def give_words(app: AppConfig) -> None:
    """Let each table and column of an app be named in the reader's language, where its model names none itself."""
    with translation.override(None):  # a plural may follow from a name that is translated
        for model in app.get_models():
            for place, name in names_of(model):
                setattr(place, name, translation.gettext_lazy(str(getattr(place, name))))


def names_of(model: type[Model]) -> Iterable[tuple[Any, str]]:
    """Return where the names of a model stand that follow from the code: the object, and the attribute."""
    for name in ("verbose_name", "verbose_name_plural"):
        if name not in model._meta.original_attrs:
            yield model._meta, name
    for field in model._meta.local_fields:
        if isinstance(field, Field) and "verbose_name" not in field.deconstruct()[3]:
            yield field, "verbose_name"
