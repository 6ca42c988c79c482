"""The rows: one file per concern, all named here."""

from connector.models.alerts import Alert
from connector.models.breakers import Breaker
from connector.models.bulk import BulkRun
from connector.models.connections import Connection, Division, ExactGrant, Store
from connector.models.consent import ConsentRequest
from connector.models.customers import CustomerLink, DirectoryAccount
from connector.models.daily import DailyCount, RefusedDeliveries
from connector.models.inbox import Delivery
from connector.models.ledger import OrderSync, SyncEvent
from connector.models.mapping import MappingRule, PaymentRule, RuleVersion, VatRule
from connector.models.masterdata import MasterData

__all__ = [
    "Alert",
    "Breaker",
    "BulkRun",
    "Connection",
    "ConsentRequest",
    "CustomerLink",
    "DailyCount",
    "Delivery",
    "DirectoryAccount",
    "Division",
    "ExactGrant",
    "MappingRule",
    "MasterData",
    "OrderSync",
    "PaymentRule",
    "RefusedDeliveries",
    "RuleVersion",
    "Store",
    "SyncEvent",
    "VatRule",
]
