"""The e-mail address of a person, as django-allauth keeps it beside the person's row."""

from allauth.account.models import EmailAddress
from django.db import transaction

from tenants.models import User


def verify(person: User) -> None:
    """Make the person's own address the verified one. An address that is theirs no longer is forgotten.

    For those who proved it by a mail, and for those whom an operator entered.
    """
    own = EmailAddress.objects.filter(email=person.email, verified=True, primary=True, user=person)
    if own.exists():
        return
    with transaction.atomic():
        EmailAddress.objects.filter(email=person.email).exclude(user=person).delete()
        EmailAddress.objects.filter(user=person, primary=True).exclude(email=person.email).delete()
        values = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=values)
