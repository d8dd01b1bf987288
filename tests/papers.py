"""Papers for tests: an answer with reasons and basis, on a case whose limit it met."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from clock import SHANGHAI
from deadlines.models import Deadline, Term
from django.db import connection
from documents import actions
from documents.models import Paper
from documents.numbers import case_number
from procedures.models import Case, Party

from tests.cast import Cast

RECEIVED = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
AT = datetime(2026, 9, 23, 15, 30, tzinfo=SHANGHAI)

CONTENT: dict[str, Any] = {
    "salutation": "重庆市交通运输委员会：",
    "body": [
        {"p": "你单位2026年9月21日提出的“机动车排放检验结果信息”共享申请，本机关于当日收到，现答复如下："},
        {"h": "一、决定"},
        {"p": "不同意共享。"},
        {"h": "二、理由"},
        {"p": "上述信息含不满十四周岁未成年人的个人信息。"},
        {"h": "三、依据"},
        {"p": "《中华人民共和国个人信息保护法》第二十八条第一款。"},
    ],
}


def case_with_parties(cast: Cast) -> Case:
    """A case of the requester with provider and authority; no procedure stands behind it."""
    case = Case.objects.create(
        number=case_number("GX", AT.date()),
        kind="sharing-request",
        state="REFUSED",
        title="申请共享机动车排放检验结果信息",
        filer=cast.organisation("requester"),
        filed_by=cast.user("requester"),
        received_at=RECEIVED,
    )
    for relation in ("requester", "authority", "provider"):
        Party.objects.create(
            case=case, relation=relation, organisation=cast.organisation(relation), since=RECEIVED
        )
    return case


def met_limit(case: Case, cast: Cast, **changes: Any) -> Deadline:
    """Five working days from 2026-09-21, the last of them 09-29, met at AT."""
    term, _ = Term.objects.get_or_create(
        code="T07",
        valid_from=date(2022, 7, 1),
        defaults={
            "name": "共享答复",
            "amount": 5,
            "unit": Term.Unit.WORKDAYS,
            "basis": "REG22-26.1",
            "standing": Term.Standing.LAW,
        },
    )
    facts = {
        "case": case,
        "clock": "ANSWER",
        "label": "共享答复",
        "term": term,
        "owed_by": cast.organisation("authority"),
        "basis": "REG22-26.1",
        "started_at": RECEIVED,
        "rules_on": RECEIVED.date(),
        "due_on": date(2026, 9, 29),
        "due_at": datetime(2026, 9, 30, 0, 0, tzinfo=SHANGHAI),
        "outcome": Deadline.Outcome.MET,
        "closed_at": AT,
        "on_pass": Deadline.OnPass.BREACH,
    }
    return Deadline.objects.create(**{**facts, **changes})


def issued(cast: Cast, *, case: Case | None = None, at: datetime = AT, **changes: Any) -> Paper:
    """An answer of the authority to the requester, with a copy for the provider."""
    said = {
        "title": "公共数据共享申请答复书",
        "series": "渝数共答",
        "version": "1",
        "act": None,
        "issuer": cast.organisation("authority"),
        "addressee": cast.organisation("requester"),
        "copies": [cast.organisation("provider")],
        "content": CONTENT,
        **changes,
    }
    return actions.issue("sharing-answer", case=case or case_with_parties(cast), at=at, **said)


def tamper(paper: Paper, **changes: Any) -> None:
    """Change the row as somebody with the keys of the database would: with the triggers put aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Paper.objects.filter(pk=paper.pk).update(**changes)
        cursor.execute("SET LOCAL session_replication_role = origin")
