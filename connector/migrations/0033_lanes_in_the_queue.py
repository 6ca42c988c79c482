"""Since when a lane stands in the queue is looked up by an index; and so is whether it was served already."""

from django.db import migrations, models

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("connector", "0032_when_due"),
    ]

    operations = [
        migrations.AddField(
            model_name="division",
            name="handed_back",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="It stands there after a turn."
            ),
        ),
        migrations.AlterField(
            model_name="division",
            name="woken_at",
            field=models.DateTimeField(
                editable=False, help_text="Since when it stands in the queue; empty while it does not.", null=True
            ),
        ),
        AddIndex(
            model_name="division",
            index=models.Index(
                condition=models.Q(("woken_at__isnull", False)), fields=["woken_at"], name="division_in_the_queue"
            ),
        ),
    ]
