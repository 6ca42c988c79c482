"""Lists are read newest first by an index over each connection's documents and each store's deliveries.

They take the place of the indexes of the two foreign keys, and are there before those go.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0037_workers')]
    operations = [
        AddIndex(model_name='delivery', index=models.Index(fields=['store', '-id'], name='delivery_newest')),
        AddIndex(model_name='ordersync', index=models.Index(fields=['connection', '-id'], name='document_newest')),
        AddIndex(
            model_name='ordersync',
            index=models.Index(condition=~Q(reason=''), fields=['connection', 'reason', '-id'], name='document_by_reason'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='store',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='connector.store'),
        ),
        migrations.AlterField(
            model_name='ordersync',
            name='connection',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='connector.connection'),
        ),
    ]
