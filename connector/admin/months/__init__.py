"""The months of a connection: both sides beside each other, as a page, a CSV file and a PDF; closing a month.

page     the page of one month, and of the list
listing  the months, some on a page
closed   the list of closed months
of_run   the report of a run that compared a month
report   a month as tables, which the page and both files show alike
chart    the bars of both sides per day
as_csv   the month as a CSV file
as_pdf   the month as a PDF
"""
