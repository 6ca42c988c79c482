"""The first page: what needs a person, and whether both sides are well.

page         the page itself
tasks        what needs a person now
held         the held documents by cause: how many, how much money, since when
figures      the numbers and the chart
first_steps  the way from an empty organisation to the first invoice
banner       the red line while a side is not connected
"""
