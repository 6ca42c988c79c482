"""The words of columns and their choices; no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0003_names'),
    ]

    operations = [
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('owner', 'owner'), ('accountant', 'accountant'), ('operator', 'operator'), ('viewer', 'viewer')], max_length=20),
        ),
        migrations.AlterField(
            model_name='tenant',
            name='alert_emails',
            field=models.JSONField(blank=True, default=list, help_text='They get a mail when a person must act.'),
        ),
    ]
