"""Quality: how entries stand, every change of it, the figures of a month; and what the database refuses.

A change of an outcome stays as it was written; the figures of a month that is over stay as they were.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE FUNCTION catalog_quality_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '质量变化不能更改或者删除' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER quality_change_kept BEFORE UPDATE OR DELETE ON catalog_qualitychange
    FOR EACH ROW EXECUTE FUNCTION catalog_quality_refuse();

CREATE FUNCTION catalog_quality_month_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.month <> OLD.month OR NEW.body_id <> OLD.body_id
       OR date_trunc('month', NEW.as_of AT TIME ZONE 'Asia/Shanghai')::date <> OLD.month THEN
        RAISE EXCEPTION '已过月份的质量数字不能更改或者删除' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_month_kept BEFORE UPDATE OR DELETE ON catalog_qualitymonth
    FOR EACH ROW EXECUTE FUNCTION catalog_quality_month_refuse();
"""

DROP = """
DROP TRIGGER quality_month_kept ON catalog_qualitymonth;
DROP FUNCTION catalog_quality_month_refuse();
DROP TRIGGER quality_change_kept ON catalog_qualitychange;
DROP FUNCTION catalog_quality_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_separation'),
        ('catalog', '0009_disputes_and_suggestions'),
        ('datacentre', '0003_grant_conditions'),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryQuality',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='quality', serialize=False, to='catalog.entry')),
                ('next_look', models.DateTimeField(db_index=True)),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='检查时间')),
                ('entry_version', models.PositiveIntegerField(default=0, verbose_name='条目版本')),
                ('data_version', models.PositiveIntegerField(default=0, verbose_name='数据版本')),
                ('results', models.JSONField(default=dict, verbose_name='结果')),
                ('met', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('failing', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('must', models.PositiveSmallIntegerField(default=0, verbose_name='必须改')),
                ('should', models.PositiveSmallIntegerField(default=0, verbose_name='应当改')),
                ('may', models.PositiveSmallIntegerField(default=0, verbose_name='建议改')),
                ('mark', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': '条目质量',
                'verbose_name_plural': '条目质量',
            },
        ),
        migrations.CreateModel(
            name='HoldingScan',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='scan', serialize=False, to='datacentre.holdingversion')),
                ('declared', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='检查时间')),
                ('rows', models.PositiveBigIntegerField(default=0, verbose_name='检查的行数')),
                ('whole', models.BooleanField(default=True)),
                ('repeats', models.PositiveBigIntegerField(default=0)),
                ('found', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': '数据检查',
                'verbose_name_plural': '数据检查',
            },
        ),
        migrations.CreateModel(
            name='QualityChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=30)),
                ('at', models.DateTimeField(verbose_name='检查时间')),
                ('before', models.CharField(blank=True, max_length=5)),
                ('after', models.CharField(max_length=5)),
                ('reason', models.TextField(verbose_name='说明')),
                ('entry_version', models.PositiveIntegerField(verbose_name='条目版本')),
                ('data_version', models.PositiveIntegerField(verbose_name='数据版本')),
            ],
            options={
                'verbose_name': '质量变化',
                'verbose_name_plural': '质量变化',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='QualityMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='月份')),
                ('as_of', models.DateTimeField(verbose_name='截至')),
                ('entries', models.PositiveIntegerField(verbose_name='条目')),
                ('flawless', models.PositiveIntegerField(verbose_name='没有要改的')),
                ('marks', models.PositiveBigIntegerField()),
                ('rules', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': '质量月度数字',
                'verbose_name_plural': '质量月度数字',
                'ordering': ['-month', 'body'],
            },
        ),
        migrations.AddField(
            model_name='qualityproblem',
            name='rule',
            field=models.CharField(blank=True, max_length=30, verbose_name='规则'),
        ),
        migrations.AlterField(
            model_name='qualityproblem',
            name='source',
            field=models.CharField(choices=[('review', '校核'), ('check', '质量检查')], max_length=20, verbose_name='发现途径'),
        ),
        migrations.AddConstraint(
            model_name='qualityproblem',
            constraint=models.UniqueConstraint(condition=models.Q(('fixed_at', None), ('source', 'check')), fields=('entry', 'rule', 'item'), name='problem_found_once'),
        ),
        migrations.AddField(
            model_name='entryquality',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='qualitychange',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='qualitychange',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_changes', to='catalog.entry'),
        ),
        migrations.AddField(
            model_name='qualitymonth',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_months', to='accounts.organisation'),
        ),
        migrations.AddIndex(
            model_name='entryquality',
            index=models.Index(fields=['provider', '-must', '-should', '-may', 'entry'], name='quality_to_mend_first'),
        ),
        migrations.AddIndex(
            model_name='entryquality',
            index=django.contrib.postgres.indexes.GinIndex(fields=['failing'], name='quality_failing'),
        ),
        migrations.AddIndex(
            model_name='entryquality',
            index=models.Index(condition=models.Q(('error', ''), _negated=True), fields=['looked_at'], name='quality_set_aside'),
        ),
        migrations.AddIndex(
            model_name='qualitychange',
            index=models.Index(fields=['entry', '-at'], name='quality_change_of_entry'),
        ),
        migrations.AddConstraint(
            model_name='qualitymonth',
            constraint=models.UniqueConstraint(fields=('body', 'month'), name='quality_month_once'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
