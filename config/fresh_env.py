"""Writes a first `.env`: `python -m config.fresh_env .env` (the README's `make env`)."""

import secrets
import sys
from pathlib import Path

TEXT = """\
# Keep this file, and a copy of it elsewhere: without SECRET_KEY and SALT_KEY the stored credentials are lost.
SECRET_KEY={secret}
SALT_KEY={salt}
DEBUG=false
# The public https address of this portal. BigCommerce and Exact must be able to reach it.
PUBLIC_URL=https://connector.example.com
EMAIL_URL=smtp://localhost:25
DEFAULT_FROM_EMAIL=connector@example.com
# Without it: SQLite in var/, which is fine for one machine.
# DATABASE_URL=postgres://connector:secret@127.0.0.1:5432/connector
"""


def main(path: Path) -> None:
    """Write fresh keys, readable by their owner alone."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(TEXT.format(secret=secrets.token_urlsafe(50), salt=secrets.token_urlsafe(32)))
    sys.stdout.write(
        f"Wrote {path}. Set PUBLIC_URL and EMAIL_URL in it, and keep it: without SECRET_KEY and SALT_KEY the stored "
        "credentials are lost.\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
