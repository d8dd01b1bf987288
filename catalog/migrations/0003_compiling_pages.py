"""What the compiling pages keep beside a draft, the databases with their leads, and how twins are found (CAT-20)."""

import django.db.models.deletion
from django.db import migrations, models

#: Names of published entries by similarity; items by their name as written; the entries of a database.
CREATE = """
CREATE INDEX catalog_entry_name_alike ON catalog_entry USING gin (name gin_trgm_ops) WHERE status = 'published';
CREATE INDEX catalog_item_by_name ON catalog_entryitem (name, entry_id);
CREATE INDEX catalog_entry_database ON catalog_entry (database) WHERE database <> '';
CREATE INDEX catalog_entry_theme ON catalog_entry (theme_database) WHERE theme_database <> '';
"""
DROP = """
DROP INDEX catalog_entry_theme;
DROP INDEX catalog_entry_database;
DROP INDEX catalog_item_by_name;
DROP INDEX catalog_entry_name_alike;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_separation'),
        ('catalog', '0002_triggers'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='twins',
            field=models.JSONField(blank=True, default=dict, verbose_name='重复核对'),
        ),
        migrations.AddField(
            model_name='draft',
            name='typed',
            field=models.JSONField(blank=True, default=dict, verbose_name='未能读懂的填写'),
        ),
        migrations.CreateModel(
            name='Database',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('base', '基础数据库'), ('theme', '主题数据库')], max_length=10, verbose_name='类别')),
                ('code', models.CharField(blank=True, max_length=20, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('basic_items', models.JSONField(blank=True, default=list, verbose_name='基础信息项')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至（不含）')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='databases_led', to='accounts.organisation', verbose_name='牵头建设部门')),
            ],
            options={
                'verbose_name': '基础数据库和主题数据库',
                'verbose_name_plural': '基础数据库和主题数据库',
                'ordering': ['kind', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('kind', 'name'), name='database_one_lead_at_a_time'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='database_until_after_since'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), ('kind', 'theme')), models.Q(('kind', 'base'), models.Q(('code', ''), _negated=True)), _connector='OR'), name='database_base_has_code')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
