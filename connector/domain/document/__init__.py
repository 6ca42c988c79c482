"""A document: its states, its stages, its problems.

states       the states and the allowed transitions
stages       which stage is next
result       what a translation gives when it gives no draft
codes        every problem, by code
differences  how a document in Exact differs from what was meant
chosen_by    what chose a line's codes, as a draft keeps it
match        which document that was typed in by hand is which order's
reconcile    how a document in Exact differs from what the store and the ledger say
sums         what one side of a period comes to
balance      whether both sides come to the same, but for the noted differences
chain        the bytes that an entry of the chain of hashes is made of
taken_out    lines from which personal data was taken, as the chain says it
scrub        texts and problems without what tells who a person is
evidence     the file that proves what became of an order, made and checked
shadow       how our drafts agree with what was typed in by hand, and whether to switch on
causes       which documents have the same cause
lengths      the longest text that Exact takes in each field, and how a longer one is shortened
"""
