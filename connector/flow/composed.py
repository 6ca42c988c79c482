"""Statements that are composed once and run often.

Django composes a statement each time that it runs. For those of a lane, with their many columns and conditions, that
takes several times as long as the database takes to answer.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row")

# What stands for the parameters while a statement is composed. No row has such a moment or such an id.
MOMENTS = datetime(1901, 1, 1, tzinfo=UTC)
IDS = 7_000_000_000_000_000_000


def composed(query: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Make a function that returns a query return its rows, and compose each form of the statement once.

    Its moments and whole numbers are the statement's parameters. Every other value makes a form of its own.
    """
    forms: dict[object, Statement] = {}

    def rows(*given: object) -> list[Row]:
        parameters = [value for value in given if _is_parameter(value)]
        form = tuple(type(value) if _is_parameter(value) else value for value in given)
        if form not in forms:
            stand_ins = [_stand_in(value, at) for at, value in enumerate(given)]
            forms[form] = Statement(query(*stand_ins), [value for value in stand_ins if _is_parameter(value)])
        return list(forms[form].rows(parameters))

    return rows


class Statement:
    """The statement of a query. `stand_ins` are the values of the query that each run replaces."""

    def __init__(self, query: QuerySet[Any, Any], stand_ins: Sequence[object]) -> None:
        self._query = query
        self._compiler = query.query.get_compiler(query.db)
        self._sql, self._values = self._compiler.as_sql()
        numbers = {_written(self._compiler.connection, value): number for number, value in enumerate(stand_ins)}
        self._replaced = [(at, numbers[value]) for at, value in enumerate(self._values) if _is_in(value, numbers)]
        if {number for _at, number in self._replaced} != set(numbers.values()):
            # It would stay as it was when the statement was composed.
            raise ValueError(stand_ins)

    def rows(self, parameters: Sequence[object]) -> Iterator[Any]:
        """Run it with these parameters, and return what the query would."""
        connection = connections[self._query.db]
        values = list(self._values)
        for at, number in self._replaced:
            values[at] = _written(connection, parameters[number])
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            found = [cursor.fetchall()]
        if self._query._iterable_class is not ModelIterable:
            return iter(self._compiler.results_iter(found, tuple_expected=True))
        # Django's own iterator makes the objects. It asks its query for a compiler, and that for the rows.
        compiler = _With(self._compiler, execute_sql=lambda **_: found)
        query = _With(self._query.query, get_compiler=lambda **_: compiler)
        return iter(ModelIterable(cast("QuerySet[Any]", _With(self._query, query=query))))


class _With:
    """An object with other attributes in the place of some of its own."""

    def __init__(self, of: object, **others: object) -> None:
        self._of = of
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


def _is_parameter(value: object) -> bool:
    return isinstance(value, datetime) or type(value) is int


def _stand_in(value: object, at: int) -> object:
    if not _is_parameter(value):
        return value
    return MOMENTS + timedelta(seconds=at) if isinstance(value, datetime) else IDS + at


def _written(connection: BaseDatabaseWrapper, value: object) -> object:
    """The value as it stands among a statement's values."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _is_in(value: object, numbers: dict[object, int]) -> bool:
    return isinstance(value, str | int | datetime) and value in numbers
