"""One file per command of `manage.py`; docs/commands.md explains each."""
