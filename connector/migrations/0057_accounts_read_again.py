"""Each division's accounts are read again in full, because more of each is kept."""

from django.db import migrations


def read_again(apps, schema_editor):
    apps.get_model("connector", "Division").objects.update(accounts_timestamp=0, accounts_read_at=None)


class Migration(migrations.Migration):

    dependencies = [('connector', '0056_contact_persons')]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
