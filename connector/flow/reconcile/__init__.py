"""Both sides of a period compared: the store's orders and refunds, and the documents in Exact.

run         the run: it begins, goes on after a kill, and ends
read_store  every order and refund in exactly one bucket
changed     what the store changed of an order since it was posted, and what of it was left
archived    orders that the store's list leaves out
read_exact  every document of ours in Exact, found and compared
other_form  goes on when Exact refuses to list the form of document that the connection never used
numbers     VAT numbers of orders beside those of their accounts
unknown     documents with our reference that the ledger does not know
ledger      what the ledger says of a document, as a side to compare
unsettled   which differences are open, and which of them a run settles
notes       what a page brings, stored in one transaction with where the run is
"""
