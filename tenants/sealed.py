"""Encrypts a text for one place in the database, and decrypts it there and nowhere else.

A place is a table, a column and a row. It is authenticated with the text (AES-256-GCM, associated data), so ciphertext
that somebody moves to another row, column or table is refused. The form is `b1.<key>.<nonce and ciphertext>`; the key's
short name tells a missing key from a text that was moved.

The keys come from SECRET_KEY and SALT_KEY by the library's derivation (PBKDF2), each for this purpose alone (HKDF).
What was stored before has no place (Fernet); it is read until `rotatekeys` has encrypted it again.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from encrypted_fields.fields import EncryptedTextField

FORM = "b1"
_NONCE = 12  # bytes; random, which serves for billions of texts


class KeyMissing(Exception):
    """The key that encrypted a text is no longer in SALT_KEY or SECRET_KEY(_FALLBACKS)."""


class Moved(Exception):
    """A text was encrypted for another place, or was changed in the database."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys in force, by name, the first one first; `former` reads what has no place."""

    by_name: dict[str, AESGCM]
    former: MultiFernet

    @property
    def first(self) -> str:
        return next(iter(self.by_name))


@lru_cache(maxsize=8)
def _derive(*_settings_in_force: str) -> _Keys:
    """Derive the keys once per process and setting: each costs 100,000 rounds of PBKDF2."""
    derived = EncryptedTextField().keys
    return _Keys(dict(map(_bound, derived)), MultiFernet([Fernet(key) for key in derived]))


def _bound(derived: bytes) -> tuple[str, AESGCM]:
    raw = HKDF(SHA256(), 36, salt=None, info=b"ml-connector: a text in its place").derive(
        base64.urlsafe_b64decode(derived)
    )
    return raw[32:].hex(), AESGCM(raw[:32])


def _keys() -> _Keys:
    return _derive(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, "", *settings.SALT_KEY)


def seal(text: str, *place: str) -> str:
    """Encrypt a text with the first key, for its place."""
    keys, nonce = _keys(), secrets.token_bytes(_NONCE)
    content = keys.by_name[keys.first].encrypt(nonce, text.encode("utf-8", "surrogatepass"), _named(place))
    return f"{FORM}.{keys.first}.{base64.urlsafe_b64encode(nonce + content).decode()}"


def unseal(sealed: str, *place: str) -> str:
    """Decrypt a text at its place, also one of the former form. Raises KeyMissing and Moved."""
    if not is_bound(sealed):
        try:
            return _keys().former.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise KeyMissing from None
    name, _dot, content = sealed.removeprefix(f"{FORM}.").partition(".")
    if name not in (by_name := _keys().by_name):
        raise KeyMissing
    try:
        raw = base64.b64decode(content, altchars=b"-_", validate=True)
        return by_name[name].decrypt(raw[:_NONCE], raw[_NONCE:], _named(place)).decode("utf-8", "surrogatepass")
    except (InvalidTag, binascii.Error, ValueError):
        raise Moved from None


def is_bound(sealed: str) -> bool:
    """Whether a text has the present form, with its place."""
    return sealed.startswith(f"{FORM}.")


def is_newest(sealed: str) -> bool:
    """Whether a text has the present form and was encrypted with the first key."""
    return sealed.startswith(f"{FORM}.{_keys().first}.")


def _named(place: tuple[str, ...]) -> bytes:
    return "\x1f".join(place).encode()
