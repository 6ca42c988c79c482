"""Exact Online's REST API for one division, and its OAuth.

client   every call of a division
items    items: found by code, made, deleted
stock    what lies in the warehouses
accounts  what changed and was deleted of accounts, their addresses and contacts
webhook  whether a webhook's request is authentic, and what it names
subscriptions  our subscriptions to Exact's webhooks
server_time  times of Exact's servers in UTC
calls    how a division is called: token, one renewal, pages
period   the documents of a period, page by page, for comparing
oauth    the consent's address, the code exchange, the refresh
master   the kinds of master data and how each is read
records  what is read from Exact
bodies   what is sent to Exact
wire     how Exact writes dates, numbers and lists
answers  which error an answer is
latest   the newest invoices and entries, with the codes that they used
token_source  where a client's access tokens come from
pages    pages of Exact Online that a person opens
texts    the closed list of Exact's validation texts
"""
