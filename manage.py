#!/usr/bin/env python
from __future__ import annotations

import os
import sys
from pathlib import Path

from config import beside
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    beside.join(Path(__file__).resolve().parent, command=next(iter(sys.argv[1:]), ""))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
