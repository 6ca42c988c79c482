"""From a refund, a cancellation or an edit to the draft of a credit note.

invoiced     the invoice with its credit notes, and what remains of it
allocate     how much of each invoice line a refund gives back
lines        the credit note's lines, to the cent
pieces       what comes back into stock
credit_note  the draft of the credit note
"""
