"""`python -m tests.walk`: write docs/permissions.md from the table of the walk."""

from __future__ import annotations

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Only names are read: no database, no queue.
    os.environ |= {"YUSHU_DEMO": "1", "DATABASE_URL": "postgres://none@/none", "REDIS_URL": "redis://none"}
    django.setup()
    from tests.walk.document import ROOT, document

    (ROOT / "docs" / "permissions.md").write_text(document())


if __name__ == "__main__":
    main()
