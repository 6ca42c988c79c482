"""Indexes for the ledger's filters, and for a search by any part of a name or number.

The search's needs PostgreSQL's extension pg_trgm. A role with the right to create in the database may install it. Where
it may not, or the extension is not there, the search reads all documents of the organisation instead, and this says
how the index is made later. SQLite has none.
"""

import sys

from django.db import DatabaseError, migrations, models, transaction

from connector.migrations._concurrently import AddIndex

NAME = "document_search"
INDEX = f"""
CREATE INDEX CONCURRENTLY IF NOT EXISTS {NAME} ON connector_ordersync USING gin
(LOWER(customer || ' ' || email || ' ' || order_id::text || ' ' || exact_number || ' ' || reference) gin_trgm_ops)
"""
IS_BROKEN = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"
WITHOUT = """
The ledger's search has no index, so it is slow where there are many documents. A superuser of PostgreSQL runs
CREATE EXTENSION pg_trgm in this database; then run CREATE INDEX as docs/operating.md has it. PostgreSQL said: {error}
"""


def make_index(apps, schema_editor):
    """Make the extension and the index where the database can. An index that was left half made is made anew."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        try:
            with transaction.atomic(schema_editor.connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(IS_BROKEN, [NAME])
            if cursor.fetchone():
                cursor.execute(f"DROP INDEX CONCURRENTLY {NAME}")
            cursor.execute(INDEX)
        except DatabaseError as error:
            sys.stderr.write(WITHOUT.format(error=" ".join(str(error).split())))


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("connector", "0071_order_day_and_cause_filled")]

    operations = [
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('cause', ''), _negated=True), fields=['connection', 'cause', '-id'], name='document_by_cause'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(fields=['connection', 'ordered_on'], name='document_by_day'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(fields=['connection', 'total'], name='document_by_total'),
        ),
        migrations.RunPython(make_index, drop_index),
    ]
