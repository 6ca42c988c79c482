"""The fingerprint of a document's order goes: the orders themselves are compared, by what moves money.

Web and worker are stopped while migrating, as 0007 asks for. PostgreSQL drops a column in its catalogue, whatever the
table's size.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("connector", "0011_codes_of_held_rows"),
    ]

    operations = [
        migrations.RemoveField("ordersync", "fingerprint"),
    ]
