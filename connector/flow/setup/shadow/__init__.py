"""Shadow mode: each draft is compared with the invoice that a bookkeeper typed into Exact. Nothing is posted.

drafts   the drafts that are compared, and what they say
compare  finds each draft's document and says how they agree
run      compares in a worker, with progress
daily    begins a comparison a day
"""
