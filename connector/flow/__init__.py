"""What happens to an order, from the delivery to the posted document. Each folder imports from those below it.

worker        the processes: supervision and the sweep
actions       what a person may do
consent       the consent on Exact, from the first visit to the last refresh
pipeline      the way of a document: the table of stages and its functions
setup         connecting: provision, settings, master data, the connection test
monitor       the duties of each store, and whether the ledger is complete
changes       after posting: refunds, cancellations and edits
inbox         deliveries and the poll: which orders to look at
payment       receipts of captured payments
records       what an auditor may ask for, and how long it is kept
reconcile     both sides of a period compared, page by page
customer      the customer's account in Exact
lane          which documents of a division are due, and the wake-ups
invoice       the document in Exact: created, compared, printed, replaced
outbound      the vendors' clients with their limits, tokens and history
ledger        the only writer of a document's state
order         the order, fetched and ready to be translated
isolate       a fault that strikes one, kept from the others
odd_rows      rows of a vendor's list that cannot be read, named
long_runs     what runs over many things have in common
leases        who alone may work on a division or refresh a token
alerts        what a person must do, one mail per cause
hold          the exception that holds a document for a person
stopping      whether the process is to stop
trace         the id that follows an order through the logs
clock         the database's clock
composed      statements that are composed once and run often
fault_points  places at which the fault runner can stop a worker
"""
