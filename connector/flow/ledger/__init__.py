"""The ledger: one row for each document.

transitions   the only place that changes a document's state
chain         adds each write to the chain of hashes of its connection
unclear       how often the answer to a write was unclear, and when it is not repeated
due_receipts  which receipts are due
to_settle     what a person settles by hand, because no receipt does
held_causes   the cause that several held documents share
restored      which documents may be in Exact without the ledger knowing
daily_counts  what happened in a day, counted
"""
