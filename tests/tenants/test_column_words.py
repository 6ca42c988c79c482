"""Tables and columns have names in the reader's language, and migrations know nothing of it."""

from django.utils.translation import override

from connector.models import OrderSync, Store
from tenants.models import Membership, Tenant, User


def test_a_name_that_follows_from_the_code_is_translated() -> None:
    with override("nl"):
        assert str(Store._meta.verbose_name_plural) == "winkels"
        assert str(OrderSync._meta.get_field("posted_at").verbose_name) == "geboekt op"
        assert str(Tenant._meta.get_field("digest_hour").verbose_name) == "uur van de dagelijkse mail"
    assert str(OrderSync._meta.get_field("posted_at").verbose_name) == "posted at"


def test_a_plural_that_follows_from_a_name_is_no_english_one() -> None:
    with override("nl"):
        assert str(Membership._meta.verbose_name_plural) == "leden"


def test_what_a_model_names_itself_stays() -> None:
    assert str(User._meta.get_field("email").verbose_name) == "e-mail address"
    assert "verbose_name" not in OrderSync._meta.get_field("posted_at").deconstruct()[3]
