"""More of the e-mail addresses that are nobody's, such as guest@ and klant@.

A connection that has the list of before as it was gets the new one. A list that somebody changed stays. What was
interrupted can be run again.
"""

import connector.models.connections
from django.db import migrations, models

BEFORE = [
    'noemail@', 'nomail@', 'noreply@', 'donotreply@', 'none@', 'na@', 'unknown@', 'anonymous@', 'nobody@',
    'geenemail@', 'geenmail@', 'geen@', 'onbekend@', 'anoniem@', 'nvt@', 'keineemail@', 'unbekannt@', 'walkin@',
    'walkincustomer@', 'pos@', 'kassa@', 'dummy@', '@noemail.com', '@none.com',
]
NOW = [
    'noemail@', 'noemailaddress@', 'nomail@', 'noaddress@', 'noreply@', 'donotreply@', 'notprovided@', 'none@',
    'noone@', 'nobody@', 'na@', 'null@', 'invalid@', 'fake@', 'unknown@', 'anonymous@', 'guest@', 'customer@',
    'walkin@', 'walkincustomer@', 'passerby@', 'cash@', 'cashcustomer@', 'counter@', 'pos@', 'instore@', 'dummy@',
    'xxx@', 'geenemail@', 'geenmail@', 'geenemailadres@', 'geenadres@', 'geen@', 'zonderemail@', 'onbekend@',
    'anoniem@', 'nvt@', 'niemand@', 'gast@', 'klant@', 'balieklant@', 'winkelklant@', 'particulier@', 'passant@',
    'contant@', 'kassa@', 'balie@', 'toonbank@', 'keineemail@', 'keinemail@', 'ohneemail@', 'keine@', 'unbekannt@',
    'anonym@', 'gastkunde@', 'kunde@', 'kasse@', 'laufkunde@', 'laufkundschaft@', 'barverkauf@', 'pasdemail@',
    'sansemail@', 'aucun@', 'inconnu@', 'anonyme@', 'invite@', 'client@', 'caisse@', '@noemail.com', '@nomail.com',
    '@noreply.com', '@none.com', '@geenemail.nl', '@geenmail.nl',
]


def take_new_list(apps, schema_editor):
    connections = apps.get_model("connector", "Connection").objects.using(schema_editor.connection.alias)
    for connection in connections.only("placeholder_emails"):
        if connection.placeholder_emails == BEFORE:
            connections.filter(pk=connection.pk).update(placeholder_emails=NOW)


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0017_odd_accounts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='connection',
            name='placeholder_emails',
            field=models.JSONField(blank=True, db_default=models.Value(NOW, models.JSONField()), default=connector.models.connections.default_placeholder_emails),
        ),
        migrations.RunPython(take_new_list, migrations.RunPython.noop),
    ]
