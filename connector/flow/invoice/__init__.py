"""The document in Exact.

post            creates the invoice or books the sales entry, and finishes it
make_items      finds or makes the items that a draft lacks, each at most once
stock           goods that are not in the warehouse
exact_document  finds and reads both forms, sales invoice and sales entry
compare         how Exact's amounts differ from the draft
verify          reads it back before it is printed; corrects or deletes it
replace         deletes an open invoice so that another can be made
take_out        deletes an open invoice that a person does not want
booking_date    the day on which it is booked
numbers         reads numbers that Exact gives later
snapshot        what the ledger keeps of Exact's answer
"""
