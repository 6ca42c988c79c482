"""A person who asked for an account and has not shown yet that the e-mail address is theirs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import User
from tenants.typed import name_constraint, validate_name


class SignUp(models.Model):
    """One request for an account. No organisation has it yet, so no page lists it; it is removed after seven days."""

    key = models.CharField(max_length=43, unique=True)  # known to the browser that asked, and to no other
    email = models.EmailField()
    company = models.CharField(max_length=200, validators=[validate_name])
    password = models.CharField(max_length=128)  # hashed
    code = models.CharField(max_length=64)  # hashed
    tries = models.PositiveSmallIntegerField(default=0)  # wrong ones, of this code
    mailed_at = models.DateTimeField(null=True)
    person = models.ForeignKey(User, models.CASCADE, null=True)  # made from it
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [name_constraint("signup", "company")]

    def __str__(self) -> str:
        return self.company
