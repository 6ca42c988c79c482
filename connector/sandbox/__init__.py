"""A fake BigCommerce and a fake Exact Online: real HTTP servers on loopback, with faults on request.

Their state is in memory. The demo, the tests and anyone who tries things out use them. They use the standard library
only and import nothing of this project. docs/sandbox.md says what is known of the real services and what is assumed.

sandbox      both fakes together
bigcommerce  the fake BigCommerce
exact        the fake Exact
http         what both share
catalogue    the orders of four invented stores
demo_setup   the provision file of the demo
newcomer     a shop and an administration that are not connected yet
"""

from connector.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
