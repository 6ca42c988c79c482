"""What is to be settled by hand is found without walking through the whole ledger."""

from django.db import migrations, models

from connector.migrations._concurrently import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("connector", "0003_indexes")]
    operations = [
        AddIndex(
            model_name="ordersync",
            index=models.Index(
                condition=models.Q(("to_settle__isnull", False)), fields=["connection", "-id"], name="document_to_settle"
            ),
        ),
    ]
