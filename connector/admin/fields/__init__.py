"""Fields of forms that take what people type, for the portal's pages and Get started.

days      a day, in the order and with the signs of the organisation's country
schedule  when orders are posted, chosen in words
rows      a setting that is a list, as rows of a table
"""
