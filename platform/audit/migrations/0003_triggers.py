"""The database itself refuses to change the trail: rows are only ever added.

Statement triggers, so that even a statement that would touch no row is refused, and TRUNCATE with it. The refusal is a
restrict_violation (23001), which Django raises as IntegrityError.
"""

from __future__ import annotations

from django.db import migrations

TABLES = ("audit_event", "audit_link", "audit_seal")

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '审计记录只增不改：表 % 不接受 %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = '更正以新的事件记录，原有记录保持不变。';
END $$;
"""

TRIGGER = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse_change()"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER only_added ON {table}")
            for table in TABLES
        ],
    ]
