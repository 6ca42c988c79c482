"""The pages about documents: the ledger, one document, bulk re-posts and the inbox.

ledger         the list of all documents, and the history
ledger_filters  what the list is filtered by
export         the two files of what is filtered
exported_rows  what they have of each document
as_csv         documents as a CSV file
as_xlsx        documents as an Excel file
page           one document: order, draft, invoice and history side by side
actions        the buttons of a document
evidence       the button that gives the file of evidence
credit_amount  the form of an amount that a person credits
explanation    what happened to a document, who can act and where
asked_rules    addresses of the page of rules that ask for certain rows
to_field       the field where a cause is put right, and what is filled in there
tried          the documents that a change has sent on again, and how each arrives
waiting_for    what a document waits for that is not held
state_counts   the counts per state above the list
rule_links     links from a draft's line to the rule that chose its codes
bulk_runs      how far each bulk re-post has come
chains         how far each chain of hashes has come
inbox          what BigCommerce delivered
"""
