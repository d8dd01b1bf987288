from __future__ import annotations

from django.db import migrations, models

FILL = """
UPDATE documents_paper p SET
    issuer_name = (SELECT name FROM accounts_organisation o WHERE o.id = p.issuer_id),
    addressee_name = coalesce((SELECT name FROM accounts_organisation o WHERE o.id = p.addressee_id), '')
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_counter")]

    operations = [
        migrations.AddField(
            "paper",
            "issuer_name",
            models.CharField("发文机关", max_length=100, default="", help_text="印发时的全称"),
            preserve_default=False,
        ),
        migrations.AddField(
            "paper",
            "addressee_name",
            models.CharField("主送机关", max_length=100, blank=True, default="", help_text="印发时的全称"),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
