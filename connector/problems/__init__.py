"""The catalogue of problems: for each code its sentence, what happened, who mends it and where.

`catalogue` puts the tables together and is what others call. The tables stand by subject: `booking`, `vat`, `totals`,
`refunds`, `customers`, `documents`, `failures`, `skipped`. `vendor_texts` explains what the vendors themselves say,
`words` turns parameters into phrases, `explanation` has the shapes.
"""
