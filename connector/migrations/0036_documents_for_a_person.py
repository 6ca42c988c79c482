"""The index of the documents that wait for a person."""

from django.db import migrations, models

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0035_tallies')]
    operations = [
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('state__in', ['blocked', 'awaiting_approval'])), fields=['state', 'updated_at', 'reason'], name='document_for_a_person'),
        ),
    ]
