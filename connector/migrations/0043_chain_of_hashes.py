"""Each line of a document's history gets a place in the chain of its connection. Older lines stay outside of it.

The columns are empty, so no row is written. The constraint is an index, and is built while orders come in.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from connector.migrations._concurrently import AddUnique


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('connector', '0042_reconciliation')]
    operations = [
        migrations.AddField(
            model_name='ordersync',
            name='delivered',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='syncevent',
            name='connection',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='connector.connection'),
        ),
        migrations.AddField(model_name='syncevent', name='number', field=models.BigIntegerField(editable=False, null=True)),
        migrations.AddField(
            model_name='syncevent',
            name='place',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='syncevent',
            name='hash',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        migrations.AddField(model_name='syncevent', name='seal', field=models.JSONField(editable=False, null=True)),
        migrations.AddField(model_name='syncevent', name='sent', field=models.TextField(blank=True, db_default='', default='', editable=False)),
        migrations.AddField(model_name='syncevent', name='answered', field=models.TextField(blank=True, db_default='', default='', editable=False)),
        migrations.AlterField(
            model_name='syncevent',
            name='kind',
            field=models.CharField(choices=[('transition', 'Transition'), ('call', 'Call'), ('action', 'Action'), ('expiry', 'Expiry')], max_length=20),
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('connection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='chain', serialize=False, to='connector.connection')),
                ('number', models.BigIntegerField(default=0)),
                ('hash', models.CharField(max_length=64)),
                ('begun_at', models.DateTimeField(db_default=Now(), editable=False)),
                ('expiry_number', models.BigIntegerField(editable=False, null=True)),
            ],
            options={'verbose_name': 'chain', 'verbose_name_plural': 'chains'},
        ),
        AddUnique(
            model_name='syncevent',
            constraint=models.UniqueConstraint(
                condition=Q(number__isnull=False), fields=('connection', 'number', 'place'), name='event_chained_once'
            ),
        ),
    ]
