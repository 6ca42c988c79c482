"""BigCommerce's REST API for one store, and its webhooks.

client            every call
calls             how a store is called
period            the orders and refunds of a period, for comparing
customers         the store's customers: reading them, and changing their details
changes           the list of orders by the time of their last change
wire              an order as one value, whichever calls read it
details           what rules may ask beyond the order: customer group, categories
answers           errors, limits and pages of an answer
credentials_file  what is pasted from a store's control panel
webhook           whether a delivery is authentic, and what it announces
"""
