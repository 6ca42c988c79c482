"""The language that a person has chosen, and that of an organisation's mails."""

from django.db import migrations, models

from tenants.models import languages


class Migration(migrations.Migration):
    dependencies = [('tenants', '0010_how_long_it_is_kept')]
    operations = [
        migrations.AddField(
            model_name='tenant',
            name='language',
            field=models.CharField(
                blank=True,
                choices=languages,
                db_default='',
                default='',
                help_text="Of its mails, for who has not chosen one. Empty: the installation's.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, choices=languages, db_default='', default='', max_length=10),
        ),
    ]
