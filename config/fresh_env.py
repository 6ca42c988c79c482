"""Writes a first `.env`, for a look on this machine: `python -m config.fresh_env .env 8000` (`make env`)."""

import secrets
import sys
from pathlib import Path

TEXT = """\
# For a first look on this machine. A line that a public installation changes says so: see docs/set-up.md.
# Keep a copy of this file elsewhere: without SECRET_KEY and SALT_KEY the stored credentials are lost.
SECRET_KEY={secret}
SALT_KEY={salt}
DEBUG=false

# The address of this portal.
# PUBLIC INSTALLATION: its https address, such as https://connector.example.com. BigCommerce and Exact must reach it.
PUBLIC_URL=http://127.0.0.1:{port}

# Takes addresses that are not https: the one above, and the sandbox's.
# PUBLIC INSTALLATION: remove this line.
ALLOW_INSECURE_UPSTREAMS=true

# The sandbox's two addresses: a fake BigCommerce and a fake Exact Online, which `make sandbox` starts.
# Remove the # before both lines to use them. Without them the portal calls the real services.
# PUBLIC INSTALLATION: leave both lines out.
# BIGCOMMERCE_API_URL=http://127.0.0.1:8081
# EXACT_ONLINE_URL=http://127.0.0.1:8082

# How mails leave. This one prints them where `make run` runs.
# PUBLIC INSTALLATION: a mail server, such as smtp+tls://user:password@mail.example.com:587.
EMAIL_URL=consolemail://
# PUBLIC INSTALLATION: the sender of the mails.
DEFAULT_FROM_EMAIL=connector@localhost

# Without it: SQLite in var/, which is fine for one machine.
# PUBLIC INSTALLATION: PostgreSQL, when there is more than one machine.
# DATABASE_URL=postgres://connector:secret@127.0.0.1:5432/connector
"""


def main(path: Path, port: int = 8000) -> None:
    """Write a file with new keys that only its owner can read. Raises FileExistsError when there is one already."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(
        TEXT.format(secret=secrets.token_urlsafe(50), salt=secrets.token_urlsafe(32), port=port), encoding="utf-8"
    )
    sys.stdout.write(
        f"Wrote {path}, for a look on this machine: http://127.0.0.1:{port}. It names the lines that a public "
        "installation changes.\nKeep a copy of it: without SECRET_KEY and SALT_KEY the stored credentials are lost.\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
