import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """A line of the history may be written later than what it tells of. The column stays as it is."""

    dependencies = [
        ("connector", "0030_names_on_one_line"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="syncevent",
                    name="at",
                    field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
        ),
    ]
