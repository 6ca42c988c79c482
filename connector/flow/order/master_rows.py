"""Stores a division's master data as it was read from Exact, and reads some lists of it again."""

from collections.abc import Collection, Iterable

from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.models import Division, MasterData

Kind = MasterData.Kind
Changes = frozenset[tuple[str, str]]
"""Kind and code of each record that is new, gone or otherwise."""


def rows_of(records: Iterable[MasterRecord]) -> list[MasterData]:
    """Return records as rows that are not saved yet, one for each kind and code."""
    found = {(record.kind, record.code): record for record in records}
    return [
        MasterData(
            kind=record.kind,
            code=record.code[:100],
            name=record.name[:255],
            exact_id=record.exact_id,
            data=record.data,
        )
        for record in found.values()
    ]


def replace(
    division: Division, pulled: list[MasterData], *, kind: str = "", among: Collection[str] | None = None
) -> Changes:
    """Replace a division's master data, or that of one `kind`, by what was pulled; returns what changed.

    With `among` only the records with these codes were pulled, and no others are replaced.
    """
    present = division.master_data.filter(kind=kind) if kind else division.master_data.all()
    if among is not None:
        present = present.filter(code__in=among)
    known = {(row.kind, row.code): row for row in present}
    kept = {(row.kind, row.code) for row in pulled}
    new = [row for row in pulled if not _same(row, known.get((row.kind, row.code)))]
    gone = {key: row.pk for key, row in known.items() if key not in kept}
    for row in new:
        row.division = division
    MasterData.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["division", "kind", "code"],
        update_fields=["name", "exact_id", "data"],
        batch_size=500,
    )
    MasterData.objects.filter(pk__in=gone.values()).delete()
    return frozenset([*((row.kind, row.code) for row in new), *gone])


def read_again(
    division: Division, client: ExactClient, kinds: Collection[str], *, items: Collection[str] = ()
) -> Changes:
    """Read these kinds of master data again; returns what changed. Raises ClientError.

    Of the items, of which there may be many thousands, only those with the codes `items` are read.
    """
    changed: Changes = frozenset()
    for kind in sorted(set(kinds) & set(Kind.values)):
        among = sorted(set(items)) if kind == Kind.ITEM else None
        found = client.master_data(kind) if among is None else client.master_data_of(kind, among)
        changed |= replace(division, rows_of(found), kind=kind, among=among)
    return changed


def _same(row: MasterData, known: MasterData | None) -> bool:
    return known is not None and (row.name, row.exact_id, row.data) == (known.name, known.exact_id, known.data)
