"""What the demo needs besides the sandbox.

stage       starts and stops web and worker
tally       compares what the stores sold with what Exact holds
afterwards  refunds, cancellations and edits, and the credit notes that follow
"""
