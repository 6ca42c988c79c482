"""The catalogue of problems: for each code its sentence, what happened, who acts and where.

catalogue         puts the tables together; other packages call this
explanation       the shape of an entry
titles            names what is wrong by its own name
words             writes parameters as phrases
differences       writes how a document in Exact differs from what was meant
wording           translates what the domain says
alerts            writes what an alert says
remedies          writes what puts a difference between the store and the books right
odd_rows          writes which rows of a vendor's list cannot be read
calls             writes what a client says of a failed call
chosen_by         writes what chose the codes of a draft's line
backfill          writes why a document of Exact may be an order's
shadow            writes what a comparison in shadow mode found
proposals         writes why a value is proposed
booking           accounts, items, journals
orders            what an order lacks in the store
vat               VAT codes and rates
totals            sums that differ
refunds           refunds without a credit note
changes           orders that changed after they were posted
customers         accounts of customers
customer_details  why a customer's details are not carried over
written           what accounts got otherwise than the store has it
documents         documents in Exact and in the ledger
failures          calls that failed
waiting           what a document waits for
consents          writes how a new consent differs from the one in use
skipped           why no document is due
vendor_texts      explains the vendors' own texts in plain words
kinds_of_refusal  explains Exact's refusals by their kind
references        which lists of Exact's codes a refusal names
"""
