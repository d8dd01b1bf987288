from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """What sitemaps read of the published entries, by key, without touching their rows."""

    dependencies = [("catalog", "0010_quality")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["id"],
                include=["code", "changed_at"],
                name="entry_sitemap",
            ),
        ),
    ]
