"""An account whose customer was forgotten is marked, so that its copy stays empty."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0067_reviewed_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='directoryaccount',
            name='forgotten_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When what is personal was removed; it stays away until a customer has the account again.', null=True),
        ),
    ]
