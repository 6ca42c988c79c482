"""The catalogue of problems: for each code its sentence, what happened, who acts and where.

catalogue     puts the tables together; others call this
explanation   the shape of an entry
words         parameters as phrases
booking       accounts, items, journals
vat           VAT codes and rates
totals        sums that differ
refunds       credit notes
customers     accounts of customers
documents     documents in Exact
failures      errors of the vendors and of ours
skipped       why no document is due
vendor_texts  the vendors' own texts in plain words
"""
