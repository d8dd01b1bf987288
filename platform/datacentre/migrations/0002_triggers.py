"""Versions, their parts, ended reads and records of use are evidence: the database itself refuses to change them."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE FUNCTION datacentre_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% 的记录不能更改或者删除', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION datacentre_read_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
       OR (OLD.grant_id, OLD.user_id, OLD.organisation_id, OLD.at, OLD.way, OLD.version_id, OLD.items, OLD.request_id)
          IS DISTINCT FROM
          (NEW.grant_id, NEW.user_id, NEW.organisation_id, NEW.at, NEW.way, NEW.version_id, NEW.items, NEW.request_id)
    THEN
        RAISE EXCEPTION '读取记录不能更改' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER version_kept BEFORE UPDATE OR DELETE ON datacentre_holdingversion
    FOR EACH ROW EXECUTE FUNCTION datacentre_refuse();
CREATE TRIGGER part_kept BEFORE UPDATE OR DELETE ON datacentre_holdingpart
    FOR EACH ROW EXECUTE FUNCTION datacentre_refuse();
CREATE TRIGGER use_kept BEFORE UPDATE OR DELETE ON datacentre_userecord
    FOR EACH ROW EXECUTE FUNCTION datacentre_refuse();
CREATE TRIGGER read_kept BEFORE DELETE ON datacentre_read
    FOR EACH ROW EXECUTE FUNCTION datacentre_refuse();
CREATE TRIGGER read_once BEFORE UPDATE ON datacentre_read
    FOR EACH ROW EXECUTE FUNCTION datacentre_read_once();
"""

DROP = """
DROP TRIGGER read_once ON datacentre_read;
DROP TRIGGER read_kept ON datacentre_read;
DROP TRIGGER use_kept ON datacentre_userecord;
DROP TRIGGER part_kept ON datacentre_holdingpart;
DROP TRIGGER version_kept ON datacentre_holdingversion;
DROP FUNCTION datacentre_read_once();
DROP FUNCTION datacentre_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("datacentre", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
