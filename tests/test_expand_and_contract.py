"""The release before this one runs on the tables of this one: nothing that it reads or writes is gone or narrower.

So web and worker of both may run side by side during an update, and the older one can be put back. `.ci/previous` runs
the older code itself on the new tables.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.conf import settings
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

RELEASED = Path(settings.BASE_DIR) / ".ci" / "released"
APPS = ("connector", "tenants", "accounts")
# Older code may write a row that a new constraint refuses, so each one is looked at, and named here. Those on names
# refuse what stopped every mail.
LOOKED_AT = {f"{model}_name_on_one_line" for model in ("grant", "store", "tenant", "user")} | {
    "signup_company_on_one_line",
    "event_chained_once",  # it holds only where a number is set, and the release before sets none
}

Field: TypeAlias = "models.Field[Any, Any]"
Columns: TypeAlias = "dict[str, Field]"


def released() -> dict[str, str]:
    """The last migration of each app in the release before this one."""
    lines = [line.split() for line in RELEASED.read_text().splitlines() if line and not line.startswith("#")]
    return {app: name for app, name in lines if app != "commit"}


@cache
def states() -> tuple[ProjectState, ProjectState]:
    """All tables as the release before has them, and as they are now."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state([*released().items()]), loader.project_state()


def tables(state: ProjectState) -> dict[str, Columns]:
    """The columns of each table of ours, by name."""
    found = [model for app in APPS for model in state.apps.get_app_config(app).get_models(include_auto_created=True)]
    return {m._meta.db_table: {str(field.column): field for field in m._meta.local_concrete_fields} for m in found}


def constraints(state: ProjectState) -> set[str]:
    found = [model for app in APPS for model in state.apps.get_app_config(app).get_models()]
    return {constraint.name for model in found for constraint in model._meta.constraints}


def faults(older: dict[str, Columns], newer: dict[str, Columns]) -> Iterator[str]:
    """What the older code could not live with."""
    for table, columns in older.items():
        if table not in newer:
            yield f"{table} is gone"
            continue
        for name, before in columns.items():
            if name not in newer[table]:
                yield f"{table}.{name} is gone"
            elif why := _narrower(before, newer[table][name]):
                yield f"{table}.{name} {why}"
        for name, field in newer[table].items():
            if name not in columns and not (field.null or field.has_db_default()):
                yield f"{table}.{name} is not filled by it: let it be null, or give it a db_default"


def _narrower(before: Field, after: Field) -> str:
    if before.null and not after.null:
        return "must not be null any more"
    if before.has_db_default() and not (after.has_db_default() or after.null):
        return "is not filled by the database any more"
    was, is_now = before.db_type(connection), after.db_type(connection)
    longer = isinstance(before, models.CharField) and (before.max_length or 0) <= (after.max_length or 0)
    return "" if was == is_now or (longer and isinstance(after, models.CharField)) else f"was {was} and is {is_now}"


def test_nothing_that_the_release_before_uses_is_gone_or_narrower() -> None:
    older, newer = states()
    assert list(faults(tables(older), tables(newer))) == []


def test_each_new_constraint_was_looked_at() -> None:
    older, newer = states()
    new = {name for name in constraints(newer) - constraints(older)}
    of_new_tables = {
        constraint.name
        for app in APPS
        for model in newer.apps.get_app_config(app).get_models()
        if model._meta.db_table not in tables(older)
        for constraint in model._meta.constraints
    }
    assert new - of_new_tables - LOOKED_AT == set()


TEXT, NUMBER = models.CharField(max_length=20), models.IntegerField(null=True)


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        ({}, "a.text is gone"),
        ({"text": models.CharField(max_length=10)}, "a.text was"),
        ({"text": models.IntegerField()}, "a.text was"),
        ({"text": TEXT, "number": models.IntegerField()}, "a.number must not be null"),
        ({"text": TEXT, "added": models.IntegerField(default=0)}, "a.added is not filled"),
    ],
)
def test_what_it_could_not_live_with_is_found(after: Columns, fault: str) -> None:
    found = list(faults({"a": {"text": TEXT, "number": NUMBER}}, {"a": {"number": NUMBER, **after}}))
    assert [line for line in found if line.startswith(fault)]


def test_a_table_that_is_gone_is_found() -> None:
    assert list(faults({"a": {}}, {})) == ["a is gone"]


@pytest.mark.parametrize("added", [models.IntegerField(null=True), models.IntegerField(db_default=0)])
def test_what_it_need_not_fill_may_be_added(added: Field) -> None:
    assert list(faults({"a": {"text": TEXT}}, {"a": {"text": models.CharField(max_length=30), "added": added}})) == []
