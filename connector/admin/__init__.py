"""The portal's pages. Each class that is imported here registers itself with the site.

home          the first page
documents     the ledger, documents, the inbox
customers     customers and their accounts beside each other, matches, runs over all of them
connections   the pages of a connection
rules         the pages of the rules
exact         consents, divisions and their data
months        the months of a connection beside Exact
stores        the BigCommerce stores
alerts        what a person must do
daily_counts  the figures of each day
reconciliations  the runs that compared the store with the books
tallies       numbers of the installation
workers       the workers, as they were last seen
credentials   credentials on a page, never shown
fit_result    what a try of the rules found, in words
code_lists    lists of a division's codes
fields        days and schedules as people type them
labels        coloured words
safe_cells    cells of a CSV file that run nothing in a spreadsheet
"""

from connector.admin.alerts import AlertAdmin
from connector.admin.connections.admin import ConnectionAdmin
from connector.admin.connections.backfill_rows import BackfillDocumentAdmin, BackfillOrderAdmin, BackfillRunAdmin
from connector.admin.connections.shadow_rows import ShadowDocumentAdmin, ShadowRunAdmin
from connector.admin.customers.links import CustomerLinkAdmin
from connector.admin.customers.rows import (
    CustomerConflictAdmin,
    CustomerEventAdmin,
    CustomerMatchAdmin,
    CustomerRunAdmin,
    DirectoryAccountAdmin,
    ExactDeliveryAdmin,
)
from connector.admin.customers.store_customers import StoreCustomerAdmin
from connector.admin.daily_counts import DailyCountAdmin, RefusedDeliveriesAdmin
from connector.admin.documents.bulk_runs import BulkRunAdmin
from connector.admin.documents.chains import ChainAdmin
from connector.admin.documents.inbox import DeliveryAdmin
from connector.admin.documents.ledger import OrderSyncAdmin, SyncEventAdmin
from connector.admin.exact.closed_endpoints import BreakerAdmin
from connector.admin.exact.consents import ConsentRequestAdmin, ExactGrantAdmin
from connector.admin.exact.divisions import DivisionAdmin
from connector.admin.exact.items import ItemLinkAdmin
from connector.admin.exact.master_data import MasterDataAdmin
from connector.admin.months.closed import ClosedMonthAdmin
from connector.admin.reconciliations import DiscrepancyAdmin, ReconciliationRunAdmin, RunDocumentAdmin
from connector.admin.rules.fit_runs import FitOrderAdmin, FitRunAdmin
from connector.admin.rules.versions import MappingRuleAdmin, PaymentRuleAdmin, RuleVersionAdmin, VatRuleAdmin
from connector.admin.stores import StoreAdmin
from connector.admin.tallies import TallyAdmin
from connector.admin.workers import WorkerAdmin

__all__ = [
    "AlertAdmin",
    "BackfillDocumentAdmin",
    "BackfillOrderAdmin",
    "BackfillRunAdmin",
    "BreakerAdmin",
    "BulkRunAdmin",
    "ChainAdmin",
    "ClosedMonthAdmin",
    "ConnectionAdmin",
    "ConsentRequestAdmin",
    "CustomerConflictAdmin",
    "CustomerEventAdmin",
    "CustomerLinkAdmin",
    "CustomerMatchAdmin",
    "CustomerRunAdmin",
    "DailyCountAdmin",
    "DeliveryAdmin",
    "DirectoryAccountAdmin",
    "DiscrepancyAdmin",
    "DivisionAdmin",
    "ExactDeliveryAdmin",
    "ExactGrantAdmin",
    "FitOrderAdmin",
    "FitRunAdmin",
    "ItemLinkAdmin",
    "MappingRuleAdmin",
    "MasterDataAdmin",
    "OrderSyncAdmin",
    "PaymentRuleAdmin",
    "ReconciliationRunAdmin",
    "RefusedDeliveriesAdmin",
    "RuleVersionAdmin",
    "RunDocumentAdmin",
    "ShadowDocumentAdmin",
    "ShadowRunAdmin",
    "StoreAdmin",
    "StoreCustomerAdmin",
    "SyncEventAdmin",
    "TallyAdmin",
    "VatRuleAdmin",
    "WorkerAdmin",
]
