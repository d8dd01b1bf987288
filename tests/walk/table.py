"""Who may go where: what the walk proves, and what docs/permissions.md says.

One row an address. `may` are those to whom it opens (for the walk's own objects), `acts` those who may post there
when that differs; `sees` may look at the object and are told that they may not do this (403); for all others an
object does not exist (404) when the row is `hidden`, else they are refused (403). A visitor is asked to sign in
wherever a row is not PUBLIC. Steps of procedures and the tables of the administration pages are derived from their
declarations; an address that is neither here nor derived fails the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.admin_site import ADMINISTRATORS, RoleAdmin
from accounts.models import Role
from deadlines.admin import PreviewedAdmin
from django.contrib import admin
from procedures import registry
from procedures.declare import Step

from tests.cast import PEOPLE

People = frozenset[str]

EVERYBODY: People = frozenset(PEOPLE)
NOBODY: People = frozenset()


def who(*names: str) -> People:
    return frozenset(names)


def holding(*roles: Role | str, body: str = "") -> People:
    return frozenset(
        name
        for name, (_shown, theirs, held) in PEOPLE.items()
        if set(held) & set(roles) and body in ("", theirs)
    )


LEADS = holding(Role.LEAD)
AUTHORITY = who("authority", "authority_lead")
REQUESTER = who("requester", "requester_lead")
PROVIDER = who("provider", "provider_lead")
PARTIES = AUTHORITY | REQUESTER | PROVIDER
AUDITOR, SYSADMIN, SECADMIN = who("auditor"), who("sysadmin"), who("secadmin")
READERS = PARTIES | AUDITOR
BODIES = {"requester": "requester", "provider": "provider", "authority": "authority"}


@dataclass(frozen=True)
class Row:
    """One address: what it is called for people, and who may."""

    label: str
    may: People = EVERYBODY
    acts: People | None = None
    sees: People = NOBODY
    hidden: bool = False
    public: bool = False

    def expected(self, method: str, name: str) -> str:
        """What somebody (or "anonymous") meets: open, login, refused or hidden."""
        if self.public and not (method == "post" and self.acts is not None):
            return "open"
        if name == "anonymous":
            return "login"
        allowed = self.acts if method == "post" and self.acts is not None else self.may
        if name in allowed:
            return "open"
        if name in self.sees or (method == "post" and self.acts is not None and name in self.may):
            return "refused"
        return "hidden" if self.hidden else "refused"


def public(label: str) -> Row:
    return Row(label, public=True)


def own(label: str, may: People, *, sees: People = NOBODY, acts: People | None = None) -> Row:
    """An object that does not exist for those who have no part in it."""
    return Row(label, may, acts, sees, hidden=True)


def of_case(label: str, may: People) -> Row:
    """Something done on the case: all who may look at it are told when it is not theirs to do."""
    return own(label, may, sees=READERS)


PUBLIC: Mapping[str, Row] = {
    "healthz": public("运行状况"),
    "api-docs": public("接口说明"),
    "web:home": public("首页"),
    "web:design": public("视觉规范"),
    "web:help": public("帮助"),
    "web:accessibility": public("无障碍说明"),
    "web:procedures": public("办事程序"),
    "web:procedure": public("一项程序"),
    "statutes:index": public("法规"),
    "statutes:article": public("一条"),
    "deadlines:workdays": public("工作日计算"),
    "catalog:list": public("目录"),
    "catalog:export": public("目录搜索结果的导出"),
    "catalog:entry": public("目录条目"),
    "catalog:entry-versions": public("目录条目的版本"),
    "catalog:entry-version": public("目录条目的一版"),
    "catalog:publications": public("目录版本"),
    "catalog:publication": public("目录的一版"),
    "catalog:publication-csv": public("导出一版目录"),
    "catalog:entry-linked": public("目录条目（RDF）"),
    "catalog:entry-version-linked": public("目录条目的一版（RDF）"),
    "catalog:linked": public("目录（DCAT）"),
    "catalog:feed": public("目录更新（Atom）"),
    "catalog:publications-feed": public("目录版本（Atom）"),
    "catalog:code-lists": public("代码表和目录要素"),
    "catalog:code-list": public("一张代码表"),
    "catalog:code-list-linked": public("一张代码表（SKOS）"),
    "catalog:terms-linked": public("目录要素（RDF）"),
    "catalog-id:dataset": public("条目的固定标识"),
    "catalog-id:dataset-version": public("条目一版的固定标识"),
    "catalog-id:catalogue": public("目录的固定标识"),
    "catalog-id:catalogue-version": public("目录一版的固定标识"),
    "catalog-id:body": public("机构的固定标识"),
    "catalog-id:scheme": public("代码表的固定标识"),
    "catalog-id:concept": public("代码的固定标识"),
    "catalog-id:terms": public("目录要素的固定标识"),
    "catalog-id:service": public("数据接口的固定标识"),
    "crawl:robots": public("robots.txt"),
    "crawl:sitemap": public("网站地图"),
    "crawl:pages": public("网站地图（页面）"),
    "crawl:entries": public("网站地图（目录条目）"),
    "api:publications": public("目录版本"),
    "api:publication": public("目录的一版"),
    "api:publication-entries": public("一版目录的条目"),
    "api:entry-versions": public("目录条目的版本"),
    "api:entry-version": public("目录条目的一版"),
    "catalog:corrections": public("数据校核"),
    "catalog:correct": public("申请校核（短地址）"),
    "catalog:projects": public("项目清单"),
    "catalog:systems": Row("已建平台和系统", public=True, acts=AUTHORITY),
    "catalog:entry-related": public("相近的条目"),
    "catalog:databases": public("基础数据库和主题数据库"),
    "catalog:quality-rules": public("质量规则"),
    "catalog:entry-quality": public("目录条目的质量"),
    "api:quality-rules": public("质量规则"),
    "api:entry-quality": public("目录条目的质量"),
    "catalog:standards": public("数据标准"),
    "catalog:standard": public("一项数据标准"),
    "catalog:standard-text": public("标准的文本"),
    "catalog:contributions": public("社会数据"),
    "catalog:contribution": public("一项社会数据"),
    "accounts:organisations": public("机构"),
    "accounts:organisation": public("一个机构"),
    "accounts:login": public("登录"),
    "accounts:logout": public("退出"),
    "documents:verify": public("文书核验"),
    "documents:verify-file": public("文书核验（上传）"),
    "api:root": public("接口入口"),
    "api:schema": public("接口定义"),
    "api:entries": public("目录"),
    "api:entry": public("目录条目"),
    "api:workdays": public("工作日计算"),
    "api:terms": public("期限条款"),
    "api:articles": public("条文"),
    "api:article": public("一条"),
    "api:duties": public("职责"),
    "api:duty": public("一项职责"),
    "api:organisations": public("机构"),
    "api:organisation": public("一个机构"),
    "api:paper": public("文书核验"),
    # Short addresses: they lead on to a page that asks for signing in.
    "sharing:apply": public("申请共享（短地址）"),
    "sharing:object": public("提出异议（短地址）"),
    "sharing:examine": public("立案核查（短地址）"),
}

#: One's own desk, box and account: for everybody who has signed in, each their own.
SIGNED_IN: Mapping[str, Row] = {
    "accounts:account": Row("我的账号"),
    "accounts:password": Row("更改密码"),
    "accounts:end-others": Row("结束其他登录"),
    "accounts:tokens": Row("我的令牌"),
    "accounts:factor": Row("动态口令"),
    "accounts:factor-enrol": Row("启用动态口令"),
    "notices:inbox": Row("我的通知"),
    "notices:badge": Row("未读数"),
    "notices:read-all": Row("全部标为已读"),
    "notices:preference": Row("通知方式"),
    "web:worklist": Row("待办"),
    "web:mine": Row("我的申请"),
    "web:export": Row("导出待办"),
    "datacentre:holdings": Row("本单位数据"),
    "datacentre:grants": Row("本单位授权"),
    "api:cases": Row("办件"),
    "api:worklist": Row("待办"),
    "api:drafts": Row("草稿"),
    "api:grants": Row("授权"),
    "api:holdings": Row("数据"),
    "api:notices": Row("通知"),
}

MINE = who("requester")
OBJECTS: Mapping[str, Row] = {
    "accounts:end-session": own("结束一处登录", MINE),
    "accounts:revoke-token": own("撤销令牌", MINE),
    "notices:open": own("一条通知", MINE),
    "notices:read": own("标为已读", MINE),
    "api:notice-read": own("标为已读", MINE),
    "web:case": own("办件", READERS),
    "web:sign": of_case("签发", who("provider_lead")),
    "web:send-back": of_case("退回文稿", PROVIDER),
    "web:reassign": of_case("转办", PARTIES & LEADS),
    "web:note": of_case("记录", PARTIES),
    "web:urge": of_case("催办", PARTIES),
    "web:next": own("下一件", READERS),
    "web:previous": own("上一件", READERS),
    "sharing:similar": own("同类办件", READERS),
    "web:attach": of_case("添加附件", PARTIES),
    "web:attachment": own("附件", READERS),
    "web:hand-over": Row("批量转办", LEADS),
    "web:view-keep": Row("保存待办视图"),
    "web:view-drop": own("删除待办视图", MINE),
    "web:draft": own("草稿", REQUESTER),
    "web:draft-sign": own("签发草稿", who("requester_lead"), sees=MINE),
    "web:draft-send-back": own("退回草稿", REQUESTER),
    "web:draft-discard": own("删除草稿", MINE, sees=REQUESTER),
    "web:draft-attachment": own("草稿附件", REQUESTER),
    "documents:paper": own("文书", READERS),
    "documents:pdf": own("文书 PDF", READERS),
    "api:paper-pdf": own("文书 PDF", READERS),
    "datacentre:holding": own("一份数据", PROVIDER | AUTHORITY | AUDITOR),
    "datacentre:load": own("载入数据", PROVIDER, sees=AUTHORITY | AUDITOR),
    "api:holding-versions": own("数据的各版", PROVIDER | AUTHORITY | AUDITOR, acts=PROVIDER),
    "datacentre:grant": own("授权", READERS),
    "datacentre:rows": own("查看数据", REQUESTER, sees=READERS),
    "datacentre:download": own("下载数据", REQUESTER, sees=READERS),
    "datacentre:slip": own("来源说明", READERS),
    "datacentre:use": own("记录使用情况", REQUESTER, sees=READERS),
    "api:case": own("办件", READERS),
    "api:sign": of_case("签发", who("provider_lead")),
    "api:send-back": of_case("退回文稿", PROVIDER),
    "api:reassign": of_case("转办", PARTIES & LEADS),
    "api:note": of_case("记录", PARTIES),
    "api:urge": of_case("催办", PARTIES),
    "api:attach": of_case("添加附件", PARTIES),
    "api:attachment": own("附件", READERS),
    "api:draft": own("草稿", REQUESTER),
    "api:draft-send": own("送签草稿", MINE, sees=REQUESTER),
    "api:draft-sign": own("签发草稿", who("requester_lead"), sees=MINE),
    "api:draft-send-back": own("退回草稿", REQUESTER),
    "api:draft-attach": own("草稿附件", MINE, sees=REQUESTER),
    "api:grant": own("授权", READERS),
    "api:grant-data": own("读取数据", REQUESTER, sees=READERS),
    "api:grant-download": own("下载数据", REQUESTER, sees=READERS),
    "api:grant-uses": own("使用情况", READERS, acts=REQUESTER),
    "api:grant-reads": own("读取记录", READERS),
}

#: Who compiles for some body; of these, the provider and the city data authority for the provider's entries.
COMPILERS = holding(Role.OFFICER, Role.LEAD, Role.PRINCIPAL) - who("company")
OWN = PROVIDER | AUTHORITY
#: Those in a list or an update of the requester's.
CONCERNED = REQUESTER | AUTHORITY | AUDITOR
COMPILING: Mapping[str, Row] = {
    "catalog:compile": Row("目录编制", COMPILERS),
    "catalog:compile:new": Row("新编一条", COMPILERS),
    "catalog:compile:report": Row("报送所选条目", COMPILERS),
    "catalog:compile:discard": Row("删除所选条目", COMPILERS),
    "catalog:compile:change": own("编制变更", OWN, sees=EVERYBODY - COMPILERS),
    "catalog:compile:remove": own("提出撤销", OWN, sees=EVERYBODY - COMPILERS),
    "catalog:compile:draft": own("编制中的条目", OWN),
    "catalog:compile:items": own("编制中的信息项", OWN),
    "catalog:compile:twins": own("重复核对", OWN),
    "catalog:compile:preview": own("预览", OWN),
    "catalog:imports:list": Row("从表格导入目录", COMPILERS),
    "catalog:imports:template": Row("导入模板", COMPILERS),
    "catalog:imports:export": Row("导出本单位目录", COMPILERS),
    "catalog:imports:run": own("一次导入", OWN, sees=EVERYBODY - COMPILERS),
    "catalog:imports:act": own("导入、重新核对、放弃", OWN, sees=EVERYBODY - COMPILERS),
    "catalog:imports:marked": own("标注的工作簿", OWN, sees=EVERYBODY - COMPILERS),
    "api:imports": Row("目录导入", EVERYBODY, COMPILERS),
    "api:import": own("一次导入", OWN),
    "api:import-problems": own("导入中的问题", OWN),
    "api:import-commit": own("导入", OWN),
    "api:import-discard": own("放弃导入", OWN),
    "api:import-marked": own("标注的工作簿", OWN),
    "catalog:responsibilities": Row("采集责任清单", COMPILERS - who("registrar") | AUDITOR),
    "catalog:responsibility": own("一个单位的采集责任清单", CONCERNED),
    "api:responsibility-list": own("采集责任清单", CONCERNED),
    "catalog:needs": Row("数据需求", COMPILERS - who("registrar") | AUDITOR),
    "catalog:need": Row("提出数据需求", COMPILERS - who("registrar") | AUDITOR),
    "api:needs": Row("数据需求", COMPILERS - who("registrar") | AUDITOR),
    "catalog:quality": Row("数据质量", COMPILERS - who("registrar") | AUDITOR),
    "catalog:quality-rule": Row("一条质量规则", COMPILERS - who("registrar") | AUDITOR),
    "catalog:quality-body": own("一个单位的数据质量", CONCERNED),
    "catalog:quality-export": own("导出要改的", CONCERNED),
    "catalog:entry-mend": Row("改正不符的一项"),
    "api:quality-ranking": Row("各单位质量排名", COMPILERS - who("registrar") | AUDITOR),
    "api:quality-body": own("一个单位的质量", CONCERNED),
    "api:quality-body-entries": own("一个单位要改的条目", CONCERNED),
    "catalog:reviewed": own("报送的条目", CONCERNED),
    "catalog:reviewed-one": own("报送的一条", CONCERNED, acts=who("authority")),
    "catalog:problems": Row("问题数据", COMPILERS),
    "catalog:disputes": Row("主体争议和修改建议", COMPILERS - who("registrar") | AUDITOR),
    "catalog:audits": Row("审计结果", COMPILERS | AUDITOR, acts=AUTHORITY),
    "catalog:database-lead": Row("登记数据库的牵头部门", AUTHORITY),
    "catalog:database-end": Row("停用主题数据库", AUTHORITY),
    "catalog:standard-register": Row("登记数据标准", AUTHORITY),
    "catalog:standard-end": Row("停止施行一项标准", AUTHORITY),
    "catalog:contribution-offer": Row("提供社会数据", who("company", "registrar", "citizen")),
    "catalog:contribution-answer": own("答复社会数据", AUTHORITY, sees=who("citizen")),
    "catalog:contribution-withdraw": own("退出社会数据", who("citizen")),
    "catalog:amendments": Row("登记法规修改", AUTHORITY),
    "api:entry-drafts": Row("编制中的条目"),
    "api:entry-draft-removals": Row("提出撤销"),
    "api:entry-draft": own("编制中的条目", OWN),
    "api:entry-draft-twins": own("相同或者相近的条目", OWN),
}

OVERSEERS = LEADS | AUTHORITY | AUDITOR
#: Who has no part in supervision; the leads have, and what is not about their body does not exist for them.
OUTSIDE = EVERYBODY - OVERSEERS
PUSHERS = LEADS | SYSADMIN
OFFICES: Mapping[str, Row] = {
    "audit:trail": Row("审计轨迹", AUDITOR),
    "audit:event": Row("一条审计记录", AUDITOR),
    "audit:export": Row("导出审计轨迹", AUDITOR),
    "audit:verification": Row("核验审计轨迹", AUDITOR),
    "audit:seal-book": Row("封印簿", AUDITOR),
    "api:audit-events": Row("审计轨迹", AUDITOR),
    "api:audit-event": Row("一条审计记录", AUDITOR),
    "security:oversight": Row("监督", OVERSEERS),
    "security:figures-csv": Row("导出期限履行", OVERSEERS),
    "security:overdue": Row("逾期明细", OVERSEERS),
    "security:overdue-csv": Row("导出逾期明细", OVERSEERS),
    "security:leads": Row("线索", OVERSEERS),
    "security:cause": own("逾期原因", AUTHORITY | AUDITOR, acts=who("authority_lead"), sees=OUTSIDE),
    "security:lead": own("一条线索", AUTHORITY | AUDITOR, sees=OUTSIDE),
    "security:lead-act": own("处理线索", who("authority_lead"), sees=OUTSIDE | AUTHORITY | AUDITOR),
    "security:reminders": own("届满提醒", AUTHORITY, sees=OUTSIDE),
    "security:raise": own("提出线索", AUTHORITY, sees=OUTSIDE),
    "notices:undelivered": Row("未送达的通知", SYSADMIN),
    "notices:deliver-again": Row("重新投递", SYSADMIN),
    "notices:mail-again": Row("重新发邮件", SYSADMIN),
    "notices:webhooks": Row("推送订阅", PUSHERS),
    "notices:webhook": own("一项推送订阅", who("requester_lead") | SYSADMIN),
    "notices:webhook-switch": own("启停推送", who("requester_lead") | SYSADMIN),
    "notices:webhook-secret": own("更换推送密钥", who("requester_lead") | SYSADMIN),
    "notices:webhook-again": own("重新推送", who("requester_lead") | SYSADMIN),
    "api:subscriptions": Row("推送订阅", PUSHERS),
    "api:subscription": own("一项推送订阅", who("requester_lead") | SYSADMIN, sees=EVERYBODY - PUSHERS),
    "api:subscription-secret": own(
        "更换推送密钥", who("requester_lead") | SYSADMIN, sees=EVERYBODY - PUSHERS
    ),
    "accounts:people": Row("人员", SYSADMIN | SECADMIN | AUDITOR),
    "accounts:person": Row("一名人员", SYSADMIN | SECADMIN | AUDITOR),
    "accounts:person-new": Row("建立账号", SYSADMIN),
    "accounts:person-act": Row("停用账号", SYSADMIN | SECADMIN | AUDITOR, SYSADMIN | SECADMIN),
    "accounts:propose": Row("提出任职", SYSADMIN),
    "accounts:appointments": Row("待审核的任职", SYSADMIN | SECADMIN | AUDITOR),
    "accounts:decide": Row("审核任职", SECADMIN),
    "accounts:post-end": Row("结束任职", SYSADMIN | SECADMIN),
}


def rows() -> dict[str, Row]:
    """The whole table by the names of addresses."""
    return {
        **PUBLIC,
        **SIGNED_IN,
        **OBJECTS,
        **COMPILING,
        **OFFICES,
        **_filings(),
        **_steps(),
        **_administration(),
    }


#: Officers of bodies that may ask for shared data (not the enterprise, not the registry), and of those that examine.
ASKING = who("authority", "provider", "requester", "district", "stranger")
EXAMINING = who("authority", "provider")


@dataclass(frozen=True)
class Kind:
    """A kind of case as the walk has one: which body of the cast stands in a relation, who sees it, who may file."""

    bodies: Mapping[str, str]
    readers: People
    filers: People
    finds: People | None = None  # those for whom exists what is filed about; None: for everybody


#: The walk's cases; a kind that is missing here is reported address by address.
KINDS: Mapping[str, Kind] = {
    "sharing-request": Kind(BODIES, READERS, ASKING),
    # Who files an objection sees the refused request of the walk.
    "sharing-objection": Kind(BODIES, READERS, ASKING, finds=AUTHORITY | REQUESTER | AUDITOR),
    "grant-revocation": Kind(BODIES, READERS, EXAMINING, finds=READERS),
    "correction-review": Kind({**BODIES, "applicant": "requester"}, READERS, ASKING | who("company")),
    "catalogue-round": Kind({"authority": "authority"}, AUTHORITY | AUDITOR, who("authority")),
    "catalogue-list": Kind({"body": "requester", "authority": "authority"}, CONCERNED, NOBODY),
    "catalogue-update": Kind(
        {"provider": "requester", "authority": "authority"}, CONCERNED, who("requester", "authority")
    ),
    "demand-matching": Kind({"asker": "requester", "authority": "authority"}, CONCERNED, ASKING),
    "body-dispute": Kind({**BODIES, "first": "requester", "second": "provider"}, READERS, ASKING),
    "attribute-suggestion": Kind(BODIES, OWN | AUDITOR, who("authority")),
    "it-project": Kind(
        {"applicant": "requester", "authority": "authority"}, REQUESTER | AUTHORITY | AUDITOR, ASKING
    ),
}


def _filing(kind: Kind, label: str) -> Row:
    return (
        Row(label, kind.filers)
        if kind.finds is None
        else own(label, kind.filers & kind.finds, sees=kind.finds)
    )


def _filings() -> dict[str, Row]:
    """Filing: whoever holds the post that files, at a body that may; a guard may still speak. What it is about does not
    exist for those who may not see it.
    """
    return {
        "web:file": Row("填写申请", ASKING),
        **{
            f"api:{procedure.code}": _filing(KINDS[procedure.code], f"{procedure.label}：提交")
            for procedure in registry.all_procedures()
            if procedure.code in KINDS
        },
    }


def _steps() -> dict[str, Row]:
    """Each step by its declaration: in its state those who hold the post, elsewhere the state speaks to all readers."""
    found = {
        "web:step": own(
            "办理步骤（撤回）",
            READERS,
            acts=step_people(registry.get("sharing-request").by_code["withdraw"], BODIES),
        )
    }
    for procedure in registry.all_procedures():
        kind = KINDS.get(procedure.code)
        for step in procedure.steps if kind is not None else ():
            if not step.files and not step.by_system:
                label, people = f"{procedure.label}：{step.label}", step_people(step, kind.bodies)
                found[f"api:{procedure.code}.{step.code}"] = own(label, people, sees=kind.readers)
    return found


def step_people(step: Step, bodies: Mapping[str, str]) -> People:
    """Who holds the post at the body in the relation; nobody where the walk has no such body."""
    ways = ((way.roles, bodies.get(way.relation.code)) for way in step.who)
    return frozenset().union(*(holding(*roles, body=body) for roles, body in ways if body is not None))


def _administration() -> dict[str, Row]:
    """The administration pages of the system, table by table from what each admin declares."""
    found: dict[str, Row] = {}
    keepers = holding(*ADMINISTRATORS)
    for name in ("index", "jsi18n", "app_list"):
        found[f"admin:{name}"] = Row("系统管理", keepers)
    # There is one sign-in page: whoever is signed in and comes here lacks the post.
    found["admin:login"] = Row("系统管理：登录", NOBODY)
    found["admin:view_on_site"] = Row("系统管理：网站上查看", NOBODY, hidden=True)
    found["admin:autocomplete"] = Row("系统管理：选择", NOBODY)
    found["admin:admin/(?P<url>.*)$"] = Row("系统管理：其他地址", NOBODY, hidden=True)
    for model, table in admin.site._registry.items():
        assert isinstance(table, RoleAdmin)
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        sees = holding(*table.seen_by, *table.edited_by)
        edits = holding(*table.edited_by)
        label = f"系统管理：{model._meta.verbose_name}"
        frozen = isinstance(table, PreviewedAdmin) and not _changes(table)
        found |= {
            f"{base}_changelist": Row(label, sees),
            f"{base}_history": Row(f"{label}修改经过", sees),
            f"{base}_add": Row(f"{label}新增", edits),
            f"{base}_change": Row(f"{label}修改", sees, NOBODY if frozen else edits),
            f"{base}_delete": Row(f"{label}删除", NOBODY),
            f"admin:admin/{model._meta.app_label}/{model._meta.model_name}/<path:object_id>/": Row(
                label, sees
            ),
        }
    return found


def _changes(table: RoleAdmin) -> bool:
    return type(table).has_change_permission is RoleAdmin.has_change_permission


#: Addresses that only lead to another one, which asks for itself.
PASSING = frozenset(f"admin:{name}" for name in ("logout", "password_change", "password_change_done"))


def missing(names: Iterable[str]) -> list[str]:
    """Addresses without an expectation."""
    known = rows()
    return sorted(set(names) - set(known) - PASSING)
