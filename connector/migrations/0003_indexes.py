"""Indexes of big tables, made while orders come in: PostgreSQL builds them without locking the table."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class AddIndex(AddIndexConcurrently):
    """Concurrently where the database can."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("connector", "0002_desk_money_care")]
    operations = [
        AddIndex(
            model_name='delivery',
            index=models.Index(fields=['store', 'received_at', 'signature'], name='delivery_by_day'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('changed', True)), fields=['connection', '-id'], name='document_changed'),
        ),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('kind', 'credit')), fields=['connection', '-id'], name='document_credits'),
        ),
    ]
