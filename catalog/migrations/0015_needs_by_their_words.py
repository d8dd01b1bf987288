"""A need keeps the tokens it is found by, so that needs like another are found by an index and not by reading all."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    """For the needs that were raised before."""
    from catalog.demands.likely import sought

    for demand in apps.get_model("catalog", "Demand").objects.iterator():
        demand.sought = sought(demand.items)
        demand.save(update_fields=["sought"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0014_contributions")]

    operations = [
        migrations.AddField(
            model_name="demand",
            name="sought",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                editable=False,
                size=None,
                verbose_name="检索词",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="demand",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["sought"], name="demand_sought"
            ),
        ),
    ]
