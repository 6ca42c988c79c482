"""Sales entries: what a document is in Exact, and what a connection makes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0004_document_to_settle'),
    ]

    operations = [
        migrations.AddField(
            model_name='ordersync',
            name='form',
            field=models.CharField(choices=[('sales_invoice', 'sales invoice'), ('sales_entry', 'sales entry')], db_default='sales_invoice', default='sales_invoice', help_text='What it is in Exact, or is to become: an invoice, or a booking without items.', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='document',
            field=models.CharField(choices=[('sales_invoice', 'Sales invoice'), ('sales_entry', 'Sales entry')], default='sales_invoice', max_length=20),
        ),
    ]
