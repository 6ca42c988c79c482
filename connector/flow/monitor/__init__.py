"""Whether both sides and the ledger are well.

store_duties  what is done for each store on a schedule
division_duties  what is done for each division on a schedule
books         compares the last days with Exact, once a day
completeness  whether each order has its row, and each row its next step
unfinished    what has not come to an end for a day, or could not be looked at again after a change
held          mails about held documents
tallies       what was written since the last time, added up
metrics       the figures of /metrics
"""
