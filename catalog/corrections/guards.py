"""What must hold before a step of a review is lawful; each with its article."""

from __future__ import annotations

from accounts.models import Organisation
from datacentre import store
from datacentre.models import HoldingVersion
from procedures.context import Context
from procedures.declare import guard

from catalog.models import Correction, Entry


def may_file(organisation: Organisation) -> str | None:
    """Anybody: 公民、法人和其他组织."""
    return None


@guard("GOV19-19.2", "数据的目录条目已经发布")
def published(context: Context) -> str | None:
    if context.subject.status == Entry.Status.PUBLISHED:
        return None
    return f"目录条目“{context.subject.name}”没有发布，不能申请校核。"


@guard("GOV19-20.2", "不是本单位自己的数据，或者由本单位窗口代办", needs_facts=True)
def not_own(context: Context) -> str | None:
    own = context.post is not None and context.post.organisation_id == context.subject.provider_id
    if not own or context.facts.get("on_behalf"):
        return None
    return "这是本单位提供的数据，发现有误请直接更正并载入新版；窗口代申请人提出的，请填写“代谁提出”。"


@guard("GOV19-19.1", "转给的单位不是现在的收件单位", needs_facts=True)
def another_body(context: Context) -> str | None:
    if context.facts["to"] != context.party("provider"):
        return None
    return f"{context.party('provider').name}就是现在的收件单位，请选择另一个单位。"


@guard("GOV19-19.2", "本件不是退回补正后重新提出的")
def returned_once_in_a_chain(context: Context) -> str | None:
    previous = context.case.previous
    if previous is None or previous.state != "RETURNED":
        return None
    return f"本件由 {previous.number} 退回补正后重新提出，不能再次退回，请直接校核。"


@guard("REG22-12.2", "更正已经写进收到申请以后载入的数据版本", needs_facts=True)
def correction_is_loaded(context: Context) -> str | None:
    """The version is of this data and newer than the application; a record told by a value has the new content."""
    record, facts = context.record, context.facts
    holding, number = record.entry.holding, facts["version"]
    if holding is None or holding.owner_id != context.party("provider").pk:
        return None
    if not number:
        return "请先载入含有更正内容的新版数据，再选择这一版本。"
    version = HoldingVersion.objects.filter(holding=holding, number=number).first()
    if version is None:
        return f"“{holding.name}”没有第 {number} 版。"
    if version.loaded_at < context.case.received_at:
        return f"第 {number} 版在收到申请以前载入，不会含有更正，请载入新版。"
    return _says_so(record, version, facts["after"])


def _says_so(record: Correction, version: HoldingVersion, after: str) -> str | None:
    """None, or what the version says instead of `after` about the record in doubt."""
    if not record.key_item or not {record.key_item, record.item} - {""} <= set(version.items):
        return None
    item = record.item or record.key_item
    key, place = version.items.index(record.key_item), version.items.index(item)
    found = {row[place] for _number, row in store.rows(version) if row[key] == record.key_value}
    if not after:
        if not found or (record.item and found == {""}):
            return None
        return f"第 {version.number} 版中还有“{record.key_value}”这条记录，没有删去。"
    if not record.item or found == {after.strip()}:
        return None
    if not found:
        return f"第 {version.number} 版中没有“{record.key_value}”这条记录；整条删除的，“更正后”应留空。"
    return f"第 {version.number} 版中该记录是“{'、'.join(sorted(found))}”，与填写的“{after}”不同，请核对。"
