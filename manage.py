#!/usr/bin/env python
"""The door to every command: `python manage.py help` lists them."""

import os
import sys

from config.startup import run_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    run_command(sys.argv)
