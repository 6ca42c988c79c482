"""Who is who: organisations, people, and what a person may do in an organisation."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.db.models.functions import Lower


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the IANA list, such as "CET+1"."""
    if name not in available_timezones():
        raise ValidationError(f"{name} is not a time zone; take a name such as Europe/Amsterdam.")


class Tenant(models.Model):
    """The merchant's organisation. Everything else belongs to one."""

    slug = models.CharField(max_length=50, unique=True, validators=[validate_slug])
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Europe/Amsterdam", validators=[validate_time_zone])
    alert_emails = models.JSONField(default=list, blank=True, help_text="Who is told when a person must act.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisation"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users that log in with their e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a person; without a password nobody can log in as them."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a person who runs the platform."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the log-in name; what they may do stands in their memberships."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("runs the platform", default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Keep the address in lower case, as the log-in looks for it."""
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """Return the name to show."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the name to greet with."""
        return self.name.partition(" ")[0] or self.email


class Role(models.TextChoices):
    """What a person may do in a tenant; docs/operating.md has the table."""

    OWNER = "owner"
    ACCOUNTANT = "accountant"
    OPERATOR = "operator"
    VIEWER = "viewer"


class Membership(models.Model):
    """A person's place in a tenant. One person may belong to several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = "member"
        constraints = [
            models.UniqueConstraint(fields=["user", "tenant"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"
