"""The ledger has the day of the order, and what the documents that are held by one cause share."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0069_days_of_differences'),
    ]

    operations = [
        migrations.AddField(
            model_name='ordersync',
            name='ordered_on',
            field=models.DateField(blank=True, help_text="The day of the order, in the store's time zone.", null=True),
        ),
        migrations.AddField(
            model_name='ordersync',
            name='cause',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=32),
        ),
    ]
