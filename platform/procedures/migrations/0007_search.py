"""Searching cases by a part of their title or number, however many there are."""

from __future__ import annotations

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

CREATE = """
CREATE INDEX case_search ON procedures_case
    USING gin (upper(title) gin_trgm_ops, upper(number) gin_trgm_ops);
"""
DROP = "DROP INDEX case_search"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0006_waiting_and_done")]

    operations = [TrigramExtension(), migrations.RunSQL(CREATE, DROP)]
