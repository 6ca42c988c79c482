"""The rows, one file per subject.

stores          a BigCommerce store
exact           a consent and its divisions
credentials     rows that keep credentials
connections     the connection of a store with a division
choice_words    the choices of a column, in words
rules           versions of the rules
master_data     what a division has
items           which SKU has which item
customers       whose account is whose
store_customers  the store's customers, as last read
customer_history  what happened to each customer, and what a person must decide
customer_runs   a pull or push over all customers
exact_deliveries  the inbox of Exact's webhook
consents        a consent on its way
deliveries      the inbox
documents       the ledger
document_search  finds documents by any part of what names them
amounts         amounts and days in the form that the reader uses
kept_words      sentences that are kept in English and shown in the reader's language
document_words  what a person reads for its columns
history         what happened to each document, and the chain of its hashes
daily_counts    what happened in a day
bulk_runs       bulk re-posts
closed_months   months that a person closed
backfill        orders from before a connection
shadow          our drafts beside what was typed into Exact by hand
read_documents  a document of Exact as a run keeps it until it is compared
breakers        endpoints that refuse
fit_runs        orders that are tried, and what each would become
reconciliation  what was compared with the books, and what differed
alerts          what a person must do
tallies         numbers of the installation
workers         the workers, as they were last seen
"""

from connector.models.alerts import Alert
from connector.models.backfill import BackfillDocument, BackfillOrder, BackfillRun
from connector.models.breakers import Breaker
from connector.models.bulk_runs import BulkRun
from connector.models.closed_months import ClosedMonth
from connector.models.connections import Connection
from connector.models.consents import ConsentRequest
from connector.models.customer_history import CustomerConflict, CustomerEvent, CustomerMatch
from connector.models.customer_runs import CustomerRun
from connector.models.customers import CustomerLink, DirectoryAccount
from connector.models.daily_counts import DailyCount, RefusedDeliveries
from connector.models.deliveries import Delivery
from connector.models.documents import OrderSync
from connector.models.exact import Division, ExactGrant
from connector.models.exact_deliveries import ExactDelivery
from connector.models.fit_runs import FitOrder, FitRun
from connector.models.history import Chain, SyncEvent
from connector.models.items import ItemLink
from connector.models.master_data import MasterData
from connector.models.read_documents import ReadDocument
from connector.models.reconciliation import Discrepancy, ReconciliationRun, RunDocument
from connector.models.rules import MappingRule, PaymentRule, RuleVersion, VatRule
from connector.models.shadow import ShadowDocument, ShadowRun
from connector.models.store_customers import StoreCustomer
from connector.models.stores import Store
from connector.models.tallies import Tally
from connector.models.workers import Worker

__all__ = [
    "Alert",
    "BackfillDocument",
    "BackfillOrder",
    "BackfillRun",
    "Breaker",
    "BulkRun",
    "Chain",
    "ClosedMonth",
    "Connection",
    "ConsentRequest",
    "CustomerConflict",
    "CustomerEvent",
    "CustomerLink",
    "CustomerMatch",
    "CustomerRun",
    "DailyCount",
    "Delivery",
    "DirectoryAccount",
    "Discrepancy",
    "Division",
    "ExactDelivery",
    "ExactGrant",
    "FitOrder",
    "FitRun",
    "ItemLink",
    "MappingRule",
    "MasterData",
    "OrderSync",
    "PaymentRule",
    "ReadDocument",
    "ReconciliationRun",
    "RefusedDeliveries",
    "RuleVersion",
    "RunDocument",
    "ShadowDocument",
    "ShadowRun",
    "Store",
    "StoreCustomer",
    "SyncEvent",
    "Tally",
    "VatRule",
    "Worker",
]
