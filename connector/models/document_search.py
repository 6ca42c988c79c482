"""Finds documents by any part of a customer's name or e-mail address, a number of the order or invoice, or Your ref."""

from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Lower

from connector.models.documents import OrderSync

SHORTEST = 3  # characters: an index of trigrams knows no shorter parts
INDEX = "document_search"
"""The index of PostgreSQL. The model does not have it: migration 0072 makes it only where the database can."""


class _Searched(Func):
    """What is searched in, in small letters. On PostgreSQL it is the index's expression, to the letter."""

    function = "LOWER"
    arg_joiner = " || ' ' || "
    output_field = TextField()


def with_part(documents: QuerySet[OrderSync], part: str) -> QuerySet[OrderSync]:
    """Keep the documents that have this part, in small or capital letters. It is of at least SHORTEST characters."""
    order = Cast("order_id", TextField())
    searched = documents.alias(searched=_Searched("customer", "email", order, "exact_number", "reference"))
    return searched.filter(searched__contains=Lower(Value(part)))
