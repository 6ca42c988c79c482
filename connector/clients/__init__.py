"""The two vendors' APIs, without Django: values in, values out, one error class per consequence.

transport    the one door to the network: a single HTTP exchange
calls        one call: sent, read, recorded, each failure turned into its error
errors       what can go wrong, one class per consequence
wording      what a client says of a failure, marked for the catalogues
rows         the rows of a list, of which one cannot be read
strict_json  JSON that two parsers cannot read differently
bigcommerce  BigCommerce's REST API and its webhooks
exact        Exact Online's REST API and its OAuth
"""
