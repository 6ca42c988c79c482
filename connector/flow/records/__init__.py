"""What an auditor may ask for, and how long it is kept.

evidence       gathers what is known of an order into a file
walk           walks a connection's chain, and finds what was changed, removed or added
fixed          what a run found, as one hash
closed_months  holds closed months against the chain
retention      deletes what an organisation keeps no longer
old_runs       the daily comparisons that nobody needs any more
expired        what has expired, as the chain says it
forget         forgets one customer
privacy        what is kept of one customer
"""
