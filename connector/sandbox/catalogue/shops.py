"""The four stores of the catalogue. Hashes, names and credentials are invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shop:
    """A store, its API account and the two settings that decide its amounts: price basis and currency."""

    store_hash: str
    name: str
    store_id: str
    country: str
    tax_inclusive: bool
    prefix: str
    domain: str
    timezone: str
    currency: str = "EUR"

    @property
    def client_id(self) -> str:
        return f"{self.store_hash}clientid0000000000000000000"

    @property
    def client_secret(self) -> str:
        return f"{self.store_hash}-sandbox-client-secret"

    @property
    def access_token(self) -> str:
        return f"{self.store_hash}-sandbox-access-token"


NLSHOP = Shop("nlshop1", "Kade Webwinkel", "1100001", "NL", True, "NLS", "kade.example", "Europe/Amsterdam")
NLTRADE = Shop("nltrade1", "Kade Groothandel", "1100002", "NL", False, "NLT", "trade.example", "Europe/Amsterdam")
FRSHOP = Shop("frshop1", "Boutique du Canal", "1100003", "FR", True, "FRS", "canal.example", "Europe/Paris")
LUSHOP = Shop("lushop1", "Moselle Store", "1100004", "LU", False, "LUX", "moselle.example", "Europe/Luxembourg")

SHOPS = (NLSHOP, NLTRADE, FRSHOP, LUSHOP)
