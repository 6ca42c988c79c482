"""The way of a document, stage by stage.

run_lane       leases a lane and works on its documents, one after the other
post_document  the table of stages: the way of an invoice, a credit note and a receipt
lane           the lane, and one document in its turn
begin          the first stages: claim, wait for another document, look again
prepare        fetch and translate, or work the credit note out
create         find the account, intend, create, compare, print
uncertain      looks up a write whose answer was unclear
failure        what follows from each class of error
preview        what an order would become, without a call to Exact
"""
