"""The text that BigCommerce lets one download with a new API account, and a store's hash wherever it stands."""

import re

from connector.clients.bigcommerce.answers import STORE_HASH

_LINE = re.compile(
    r"^[^\w\n]*+(access[ _]token|client[ _]id|client[ _]secret|api[ _]path)[ \t]*[:=][ \t]*(\S+)[ \t]*$", re.I | re.M
)
_IN_ADDRESS = re.compile(r"(?:\bstores/|\bstore-)([a-z0-9]{4,20})(?![a-z0-9])", re.I)


def read_credentials_file(text: str) -> dict[str, str]:
    """Return what the text has of `store_hash`, `client_id`, `client_secret` and `access_token`.

    The lines come in any order, in capitals or not, with others between them. An API path counts alone too.
    """
    lines = text.replace("\ufeff", "").replace("\xa0", " ").replace("\r", "\n")
    found = {label.lower().replace(" ", "_"): value for label, value in _LINE.findall(lines)}
    store_hash = read_store_hash(found.pop("api_path", lines))
    return found | ({"store_hash": store_hash} if store_hash else {})


def read_store_hash(text: str) -> str:
    """Return the hash of a store: given alone, in the API path or in the store's own address; "" when there is none."""
    given = text.strip().strip("/").lower()
    if STORE_HASH.fullmatch(given):
        return given
    found = _IN_ADDRESS.search(given)
    return found.group(1) if found else ""
