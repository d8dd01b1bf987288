"""三员分立 in the database: no overlapping posts of two kinds among auditor, system, security and the rest."""

from __future__ import annotations

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

#: Business roles count as one kind: an officer may be a lead too, but no administrator of any sort.
SEPARATION = """
ALTER TABLE accounts_post ADD CONSTRAINT posts_separated EXCLUDE USING gist (
    user_id WITH =,
    (CASE WHEN role IN ('auditor', 'system-admin', 'security-admin') THEN role ELSE 'business' END) WITH <>,
    daterange(valid_from, valid_to) WITH &&
);
ALTER TABLE accounts_post ADD CONSTRAINT post_held_once EXCLUDE USING gist (
    user_id WITH =,
    organisation_id WITH =,
    role WITH =,
    daterange(valid_from, valid_to) WITH &&
);
"""

UNDO = """
ALTER TABLE accounts_post DROP CONSTRAINT posts_separated;
ALTER TABLE accounts_post DROP CONSTRAINT post_held_once;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people")]

    operations = [BtreeGistExtension(), migrations.RunSQL(SEPARATION, UNDO)]
