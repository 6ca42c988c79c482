"""The secrets of apps and recovery codes are encrypted, each for its person."""

from allauth.mfa.models import Authenticator
from pytest_django.fixtures import Settings

from tenants.accounts import factor_secrets
from tenants.accounts.second_factor import SecondFactorAdapter
from tenants.models import User
from tenants.rekey import renew_all
from tests.factories import UserFactory
from tests.tenants.accounts.test_second_factor import log_in, person, set_up
from tests.tenants.test_sealed import former, rotate


def test_secrets_are_encrypted_and_renewed_with_the_keys(db: None, settings: Settings) -> None:
    owner = person()
    secret = set_up(log_in(owner))
    rows = {row.type: row for row in Authenticator.objects.all()}
    kept = [rows["totp"].data["secret"], rows["recovery_codes"].data["seed"]]
    assert all(value.startswith(f"{owner.pk}:b1.") and secret not in value for value in kept)
    codes = rows["recovery_codes"].wrap().get_unused_codes()
    settings.SALT_KEY = ["newer-salt", *settings.SALT_KEY]
    assert renew_all(lambda line: None).renewed == 2
    assert renew_all(lambda line: None).renewed == 0
    settings.SALT_KEY = settings.SALT_KEY[:1]
    rows = {row.type: row for row in Authenticator.objects.all()}
    assert factor_secrets.of_its_own_person(rows["totp"].data["secret"]) == secret
    assert rows["recovery_codes"].wrap().get_unused_codes() == codes


class TestSecondFactors:
    """The library hands over no row, so a secret names its person."""

    def keep(self, person: User, text: str) -> Authenticator:
        kept: Authenticator = Authenticator.objects.create(user=person, type="totp", data={"secret": text})
        return kept

    def test_one_that_is_another_persons_fits_no_code(self, db: None) -> None:
        mine, theirs = UserFactory.create(), UserFactory.create()
        text = factor_secrets.sealed_for(str(mine.pk), "MYSECRET")
        self.keep(mine, text)
        assert SecondFactorAdapter().decrypt(text) == "MYSECRET"
        copied = self.keep(theirs, text)
        assert SecondFactorAdapter().decrypt(text) != "MYSECRET"
        relabelled = f"{theirs.pk}:{text.partition(':')[2]}"
        assert SecondFactorAdapter().decrypt(relabelled) != SecondFactorAdapter().decrypt(relabelled)
        assert copied.data["secret"] == text

    def test_one_of_a_release_before_is_bound_by_rotatekeys(self, db: None) -> None:
        row = self.keep(UserFactory.create(), former("MYSECRET"))
        assert SecondFactorAdapter().decrypt(row.data["secret"]) == "MYSECRET"
        assert rotate() == "1 credentials, 1 encrypted again, 0 unreadable"
        row.refresh_from_db()
        assert row.data["secret"].startswith(f"{row.user_id}:b1.")
        assert SecondFactorAdapter().decrypt(row.data["secret"]) == "MYSECRET"
        assert rotate() == "1 credentials, 0 encrypted again, 0 unreadable"
