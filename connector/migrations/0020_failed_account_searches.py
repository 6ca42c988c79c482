"""Searches for an account that failed are counted. The column has a default in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0019_refused_writes'),
    ]

    operations = [
        migrations.AddField(
            model_name='customerlink',
            name='failed_searches',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How often the search for an account that may have been made failed.'),
        ),
    ]
