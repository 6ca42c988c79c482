"""The mapping that is proposed for a store and a division: facts in, proposals out.

mapping   all of it, the unsure ones first
facts     what is known: the division's codes, what its latest invoices used, what the store sold
proposal  one proposed value with its reason, and how it is picked among candidates
hints     what a name says: that a code is for shipping, for export, for a region
document  kind of document, journal, template
items     the item of each kind of line
booking   the rules with GL account, cost centre and cost unit
vat       the VAT rules: by country and rate that was sold to
customer  payment conditions, and the form fields with a VAT number
amounts   rounding, and whether the shop's VAT is sent
"""
