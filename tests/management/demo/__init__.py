"""The demo: several on one machine, each with what is its own."""
