"""What a person may do. Each action takes the person (None: from the shell) and the reason.

An action raises NotPossible, with a sentence for a person, when the state does not allow it.

documents         retry, refetch, re-post, skip, approve
first_document    post a chosen order and leave it open; keep it or take it out again
go_live           let a connection begin, with its webhooks
backfill          decides about orders that may be in Exact
customer_matches  choose the account of a customer for whom several fit, or a new one
link              link an invoice that was typed by hand in Exact
change_decisions  decide about a change after posting
discrepancies     put a difference between the store and the books right, or accept it
credit_amount     credit an amount that a person types
customers         decide about one customer: conflict, link, unlink, merge, pull, push
settle            say that an amount to settle by hand is settled
bulk_repost       re-post many documents, cause by cause
causes            try again what one cause holds
connections       run, pause, resume; actions on a store or a division
comparison        have a worker compare a month with Exact
compare_repaired  compare it once more when what was put right has arrived
months            close a month, and open it again
rules             use an old version of the rules again
items             take an item back that no invoice has
held_division     an action that calls vendors holds the division
transaction       what all actions share
"""
