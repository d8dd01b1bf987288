"""What the catalogue's tables refuse by themselves, and the index of its search.

No data and no grant without a published entry (REG22-22, GOV19-10; CAT-07); basic items of base databases and items
without a basis are unconditional (CAT-29, CAT-18); a published version stays as it was.
"""

from __future__ import annotations

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

CREATE = """
CREATE INDEX catalog_document_text ON catalog_searchdocument USING gin (text gin_trgm_ops);

CREATE FUNCTION catalog_needs_published_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM catalog_entry WHERE holding_id = NEW.holding_id AND status = 'published'
    ) THEN
        RAISE EXCEPTION '没有已发布的目录条目，不能汇聚或者共享' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_needs_published_entry BEFORE INSERT ON datacentre_holdingversion
    FOR EACH ROW EXECUTE FUNCTION catalog_needs_published_entry();
CREATE TRIGGER grant_needs_published_entry BEFORE INSERT ON datacentre_grant
    FOR EACH ROW EXECUTE FUNCTION catalog_needs_published_entry();

CREATE FUNCTION catalog_item_type() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent catalog_entry%ROWTYPE;
BEGIN
    IF NEW.sharing_type = 'unconditional' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO parent FROM catalog_entry WHERE id = NEW.entry_id;
    IF parent.base_database THEN
        RAISE EXCEPTION '基础数据库的基础信息项应当无条件共享' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sharing_basis <> '' AND NEW.sharing_basis_kind IN
        ('law', 'administrative-regulation', 'national-provision') THEN
        RETURN NEW;
    END IF;
    IF parent.sharing_type = 'unconditional'
       OR (parent.sharing_type = 'conditional' AND NEW.sharing_type = 'not-shared') THEN
        RAISE EXCEPTION '信息项的共享类型窄于条目，应当写明依据' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_type BEFORE INSERT OR UPDATE ON catalog_entryitem
    FOR EACH ROW EXECUTE FUNCTION catalog_item_type();

CREATE FUNCTION catalog_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '目录版本不能更改或者删除' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_version_kept BEFORE UPDATE OR DELETE ON catalog_entryversion
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse();
CREATE TRIGGER publication_kept BEFORE UPDATE OR DELETE ON catalog_publication
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse();
"""

DROP = """
DROP TRIGGER publication_kept ON catalog_publication;
DROP TRIGGER entry_version_kept ON catalog_entryversion;
DROP FUNCTION catalog_refuse();
DROP TRIGGER item_type ON catalog_entryitem;
DROP FUNCTION catalog_item_type();
DROP TRIGGER grant_needs_published_entry ON datacentre_grant;
DROP TRIGGER version_needs_published_entry ON datacentre_holdingversion;
DROP FUNCTION catalog_needs_published_entry();
DROP INDEX catalog_document_text;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("datacentre", "0002_triggers")]

    operations = [TrigramExtension(), migrations.RunSQL(CREATE, DROP)]
