"""Numbers of the installation for /metrics, and the index of the refusals of an hour (a small table)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('connector', '0034_looked_up_after_a_restore')]
    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20)),
                ('label', models.CharField(blank=True, max_length=60)),
                ('value', models.BigIntegerField(default=0)),
            ],
            options={'verbose_name_plural': 'tallies'},
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('name', 'label'), name='tally_once'),
        ),
        migrations.AddIndex(
            model_name='refuseddeliveries',
            index=models.Index(fields=['hour'], name='refused_deliveries_by_hour'),
        ),
    ]
