"""How a document is posted, stage by stage.

run_lane       leases a lane and works on its documents, one after the other
next_document  chooses the documents of a turn
post_document  the table of stages of an invoice, a credit note and a receipt
lane           the lane, and the document that is worked on
begin          the first stages: look again, claim, wait for another document
prepare        fetches and translates the order, or computes the credit note
create         finds the account, records the intent, creates, compares, prints
after_restore  searches Exact for what a restored ledger may not know
recovery       looks up all that is open after a restore, before anything is sent
uncertain      looks up a write whose answer was unclear
heal           reads again what a refusal names, and lets the document be translated once more
failure        gives a document its next step after an error
preview        shows what an order would become, without a call to Exact
"""
