"""From an order to the draft of its invoice.

translate     the whole translation, with every problem at once
lines         an order's line as an invoice's line
line_vat      each line's VAT, where the shop rounded its tax once
tax_lines     taxes that are not VAT, as lines of their own
redeemed      what gift certificates of a single purpose paid
header        reference, day, currency, journal, payment condition
predict       the totals that Exact will compute
check_order   whether the order can have an invoice at all
check_totals  whether the draft is the whole order, to the cent
stock         one warehouse and all pieces, where a document moves stock
trial         how many orders would be posted with each way to treat cents
remedies      the settings that would let an order be posted that is held for cents
draft         the draft itself
"""
