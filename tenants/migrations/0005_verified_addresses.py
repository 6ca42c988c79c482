"""Who can log in already can log in afterwards: their addresses count as verified."""

from django.db import migrations


def verify(apps, schema_editor):
    EmailAddress = apps.get_model("account", "EmailAddress")
    User = apps.get_model("tenants", "User")
    known = EmailAddress.objects.values("user_id")
    people = User.objects.exclude(pk__in=known).only("pk", "email").iterator()
    EmailAddress.objects.bulk_create(
        (EmailAddress(user_id=person.pk, email=person.email, verified=True, primary=True) for person in people),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_words"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(verify, migrations.RunPython.noop)]
