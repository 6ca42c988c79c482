"""The index of the few documents that a person chose."""

from django.db import migrations, models

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0025_a_chosen_document')]
    operations = [
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=models.Q(('chosen_at__isnull', False)), fields=['connection', '-id'], name='document_chosen'),
        ),
    ]
