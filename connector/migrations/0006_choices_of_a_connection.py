"""The choices of a connection come from the domain's enumerations, and its help from the form; no row changes."""

from django.db import migrations, models

from connector.domain import choices
from connector.models.choice_words import choices_of


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0005_sales_entries'),
    ]

    operations = [
        migrations.AlterField(
            model_name='connection',
            name='cancellations',
            field=models.CharField(choices=choices_of(choices.Policy), default='review', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='closed_period',
            field=models.CharField(choices=choices_of(choices.ClosedPeriod), default='hold', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='credit_sign',
            field=models.CharField(choices=choices_of(choices.CreditSign), default='quantity', max_length=10),
        ),
        migrations.AlterField(
            model_name='connection',
            name='customer_direction',
            field=models.CharField(choices=choices_of(choices.CustomerDirection), default='both', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='customer_strategy',
            field=models.CharField(choices=choices_of(choices.CustomerStrategy), default='match_or_create', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='document',
            field=models.CharField(choices=choices_of(choices.DocumentForm), default='sales_invoice', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='edits',
            field=models.CharField(choices=choices_of(choices.EditPolicy), default='review', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='finalize',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='connection',
            name='gift_certificates',
            field=models.CharField(choices=choices_of(choices.GiftCertificates), default='multi', max_length=10),
        ),
        migrations.AlterField(
            model_name='connection',
            name='guest_strategy',
            field=models.CharField(choices=choices_of(choices.CustomerStrategy), default='match_or_create', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='invoice_date',
            field=models.CharField(choices=choices_of(choices.InvoiceDate), default='order', max_length=10),
        ),
        migrations.AlterField(
            model_name='connection',
            name='item_strategy',
            field=models.CharField(choices=choices_of(choices.ItemStrategy), default='sku_then_default', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='mode',
            field=models.CharField(choices=choices_of(choices.Mode), default='shadow', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='order_refund_vat',
            field=models.CharField(choices=choices_of(choices.OrderRefundVat), default='pro_rata', max_length=10),
        ),
        migrations.AlterField(
            model_name='connection',
            name='paused_mode',
            field=models.CharField(blank=True, choices=choices_of(choices.Mode), editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='payments',
            field=models.CharField(choices=choices_of(choices.Payments), default='off', max_length=10),
        ),
        migrations.AlterField(
            model_name='connection',
            name='receivable_account',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='refunds',
            field=models.CharField(choices=choices_of(choices.Policy), default='review', max_length=20),
        ),
        migrations.AlterField(
            model_name='connection',
            name='start_date',
            field=models.DateField(),
        ),
        migrations.AlterField(
            model_name='connection',
            name='vat_rounding',
            field=models.CharField(choices=choices_of(choices.VatRounding), default='line', max_length=10),
        ),
    ]
