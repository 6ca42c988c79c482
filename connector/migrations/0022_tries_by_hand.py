"""Which documents a person has sent again, and their errors: two columns with a default in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0021_alert_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='breaker',
            name='by_hand',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, editable=False, help_text='When such a document was refused once more, within the last hour.'),
        ),
        migrations.AddField(
            model_name='breaker',
            name='let_through',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, editable=False, help_text='Documents that were refused within the hour, and that a person has sent again.'),
        ),
    ]
