"""The database itself refuses to change or delete a paper, or the record of a file handed out.

Statement triggers, so that even a statement that would touch no row is refused, and TRUNCATE with it. The refusal is a
restrict_violation (23001), which Django raises as IntegrityError.
"""

from __future__ import annotations

from django.db import migrations

TABLES = ("documents_paper", "documents_rendition")

REFUSE = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '文书只增不改：表 % 不接受 %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = '更正以新的文书作出，原有文书保持不变。';
END $$;
"""

TRIGGER = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_rendition")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION documents_refuse_change()"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER only_added ON {table}")
            for table in TABLES
        ],
    ]
