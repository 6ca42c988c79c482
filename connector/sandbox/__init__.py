"""A fake BigCommerce and a fake Exact Online: real HTTP servers on loopback, faults on request.

State in memory. For the demo, for trying things out and for tests. Standard library only;
nothing of this project is imported.
What is known of the real services, and what is assumed, stands in docs/sandbox.md.
"""

from connector.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
