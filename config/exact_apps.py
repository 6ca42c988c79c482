"""The portal's own apps at Exact, by region, as EXACT_APPS lists them: `nl=client_id:client_secret,be=…`."""

from django.core.exceptions import ImproperlyConfigured

from connector.clients.exact.oauth import REGIONS


def read_apps(text: str) -> dict[str, tuple[str, str]]:
    """Return client id and client secret by region. Raises ImproperlyConfigured, without quoting a secret."""
    apps: dict[str, tuple[str, str]] = {}
    for number, entry in enumerate(filter(None, map(str.strip, text.split(","))), 1):
        region, _equals, app = entry.partition("=")
        client_id, _colon, client_secret = app.partition(":")
        if region.strip() not in REGIONS or not client_id.strip() or not client_secret.strip():
            raise ImproperlyConfigured(
                f"Entry {number} of EXACT_APPS is not region=client_id:client_secret. Regions are {', '.join(REGIONS)}."
            )
        apps[region.strip()] = (client_id.strip(), client_secret.strip())
    return apps
