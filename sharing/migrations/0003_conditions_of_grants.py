from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Grants that were open before they kept the conditions of their decision take them from their request."""

    dependencies = [("sharing", "0002_managers"), ("datacentre", "0003_grant_conditions")]

    operations = [
        migrations.RunSQL(
            "UPDATE datacentre_grant g SET conditions = r.use_conditions FROM sharing_sharingrequest r"
            " WHERE r.case_id = g.case_id AND r.use_conditions <> ''",
            migrations.RunSQL.noop,
        )
    ]
