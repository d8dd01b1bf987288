"""A city's worth of cases, written by SQL beside the demonstration's own: for measurements that need the crowd.

Of every hundred cases five wait for somebody, twenty are in use until a later day, the others have ended. Parties,
turns, acts, limits, papers, the requests' own facts, events and messages lie beside them, all constraints and indexes
on. The workings of limits and the texts of papers are left empty: only their own case's page reads them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.authority import city_authority
from accounts.models import Organisation, Post, Role, User
from deadlines.models import Deadline
from django.db import connection
from django.db.models import Model
from documents.models import Paper
from notices.models import Notice, Outgoing
from procedures.models import Act, Case, Done, Party, Turn

from sharing.models import SharingRequest

BODIES = 80
NAMES = [
    "机动车排放检验结果",
    "教育机构名录",
    "村级单位名录",
    "空气质量小时值",
    "不动产登记摘要",
    "企业年报",
    "社保参保人数",
    "公交客流",
]

#: The plan: one line a case, from its number `g` alone, so that every run makes the same city.
PLAN = """
CREATE TEMPORARY TABLE plan AS
SELECT *, CASE WHEN NOT running THEN NULL
               WHEN state IN ('CONSULTING', 'GRANTED') THEN giver ELSE %(authority)s END AS turn_of,
       CASE WHEN running AND state = 'ANSWERING' AND g / 200 %% 10 = 6 THEN 'lead' ELSE 'officer' END AS role
FROM (
  SELECT g, %(first)s + g AS id, kind, running, in_use, received_at,
         (%(bodies)s::bigint[])[1 + (g * 7919 + g / 97) %% %(count)s] AS asker,
         (%(bodies)s::bigint[])[1 + (g * 7919 + g / 97 + 1 + g %% 7) %% %(count)s] AS giver,
         CASE WHEN running THEN date_trunc('day', %(at)s) + ((g / 20 %% 29) - 12) * interval '1 day' END AS due_at,
         CASE WHEN NOT running AND NOT in_use THEN received_at + interval '4 days' END AS closed_at,
         CASE WHEN kind = 'sharing-objection' THEN CASE WHEN running THEN 'COORDINATING' ELSE 'SETTLED' END
              WHEN kind = 'grant-revocation' THEN CASE WHEN running THEN 'EXAMINING' ELSE 'RESTORED' END
              WHEN in_use THEN 'IN_USE'
              WHEN running THEN (ARRAY['ANSWERING', 'ANSWERING', 'ANSWERING', 'ANSWERING', 'ANSWERING', 'ANSWERING',
                                       'ANSWERING', 'CONSULTING', 'CONSULTING', 'GRANTED'])[1 + g / 200 %% 10]
              ELSE (ARRAY['EXPIRED', 'REFUSED', 'RELINQUISHED'])[1 + g / 200 %% 3] END AS state
  FROM (
    SELECT g, g %% 20 = 7 AS running, g %% 5 = 1 AND g / 20 %% 10 < 8 AS in_use,
           CASE g / 20 %% 10 WHEN 8 THEN 'sharing-objection' WHEN 9 THEN 'grant-revocation'
                             ELSE 'sharing-request' END AS kind,
           %(at)s - CASE WHEN g %% 20 = 7 THEN (g / 20 %% 15) * interval '1 day'
                         ELSE interval '15 days' + (1000.0 * (%(size)s - g) / %(size)s) * interval '1 day'
                    END AS received_at
    FROM generate_series(1::bigint, %(size)s) g
  ) kinds
) states
"""


def build(size: int, at: datetime) -> None:
    """So many cases beside those that are there already. Needs the demonstration."""
    authority = city_authority(at.date())
    bodies = list(
        Organisation.objects.exclude(pk=authority.pk).order_by("pk").values_list("pk", flat=True)[:BODIES]
    )
    _people(bodies)
    first = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    _run(
        PLAN,
        {
            "authority": authority.pk,
            "first": first,
            "bodies": bodies,
            "count": len(bodies),
            "at": at,
            "size": size,
        },
    )
    _run("ALTER TABLE plan ADD PRIMARY KEY (id)")
    _run("ANALYZE plan")
    _cases(authority.pk)
    _history(authority.pk)
    _messages(size, at)
    with connection.cursor() as cursor:
        for model in (Case, Party, Turn, Act, Done, Deadline, Paper, Outgoing, Notice):
            table = _table(model)
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])
        cursor.execute("VACUUM ANALYZE")


def _people(bodies: list[int]) -> None:
    """An officer and a lead at every body."""
    fresh = [
        User(username=f"bench-{role}-{body}", name=f"测量{body}", password="!")
        for body in bodies
        for role in (Role.OFFICER, Role.LEAD)
    ]
    users = {user.username: user for user in User.objects.bulk_create(fresh)}
    Post.objects.bulk_create(
        Post(user=users[f"bench-{role}-{body}"], organisation_id=body, role=role, valid_from=date(2020, 1, 1))
        for body in bodies
        for role in (Role.OFFICER, Role.LEAD)
    )


def _cases(authority: int) -> None:
    titles = f"(ARRAY{NAMES!r})[1 + (p.g / 20 + p.g) % {len(NAMES)}]"
    asked = "(SELECT short_name FROM accounts_organisation o WHERE o.id = p.asker)"
    _copy(
        Case.objects.filter(kind="sharing-request").order_by("pk")[0],
        "plan p",
        id="p.id",
        number="CASE p.kind WHEN 'sharing-request' THEN 'GX' WHEN 'sharing-objection' THEN 'YY' ELSE 'HC' END"
        " || to_char(p.received_at, '-YYYY-') || lpad(p.g::text, 7, '0')",
        kind="p.kind",
        state="p.state",
        title=f"{asked} || '申请共享“' || {titles} || '”'",
        filer_id="p.asker",
        filed_by_id=_person("p.asker", "officer"),
        received_at="p.received_at",
        closed_at="p.closed_at",
        due_at="p.due_at",
        signing="p.role = 'lead'",
        filing_key="NULL",
    )
    waits = "p.running AND p.turn_of <> {}"
    party = Party.objects.order_by("pk")[0]
    handler = f"CASE WHEN p.g / 20 % 5 = 3 THEN {_person('p.giver', 'officer')} END"
    for relation, body in (("requester", "p.asker"), ("authority", str(authority))):
        _copy(
            party,
            "plan p",
            case_id="p.id",
            relation=f"'{relation}'",
            organisation_id=body,
            handler_id="NULL",
            waits=f"coalesce({waits.format(body)}, false)",
            due_at="p.due_at",
        )
    _copy(
        party,
        "plan p WHERE p.kind <> 'sharing-request' OR p.state NOT IN ('ANSWERING', 'REFUSED')",
        case_id="p.id",
        relation="'provider'",
        organisation_id="p.giver",
        handler_id=handler,
        waits=f"coalesce({waits.format('p.giver')}, false)",
        due_at="p.due_at",
    )
    named = "(SELECT id FROM accounts_user WHERE username = 'authority')"
    _copy(
        Turn.objects.exclude(due_at=None).order_by("pk")[0],
        "plan p WHERE p.turn_of IS NOT NULL",
        case_id="p.id",
        kind="p.kind",
        state="p.state",
        organisation_id="p.turn_of",
        role="p.role",
        handler_id=f"CASE WHEN p.turn_of = {authority} AND p.role = 'officer' AND p.g / 20 % 5 = 0 THEN {named} END",
        due_at="p.due_at",
        due_on="(p.due_at - interval '1 microsecond')::date",
    )
    _copy(
        SharingRequest.objects.order_by("pk")[0],
        "plan p WHERE p.kind = 'sharing-request'",
        case_id="p.id",
    )


def _history(authority: int) -> None:
    """What was done: filed by all, answered and signed where it is not waiting, opened and ended by the system."""
    officer, lead = (
        f"(SELECT id FROM accounts_user WHERE username = '{name}')"
        for name in ("authority", "authority-lead")
    )
    submit, grant = (Act.objects.filter(step=step).order_by("pk")[0] for step in ("submit", "grant"))
    answered = "plan p WHERE NOT p.running"
    begun = {"case_id": "p.id", "at": "p.received_at", "to_state": "p.state"}
    _copy(submit, "plan p", **begun, user_id=_person("p.asker", "officer"), organisation_id="p.asker")
    _copy(
        grant,
        answered,
        **begun,
        user_id=officer,
        organisation_id=str(authority),
        signed_by_id=f"CASE WHEN p.g % 3 = 0 THEN {lead} END",
        facts="'{}'",
    )
    system = {
        "user_id": "NULL",
        "organisation_id": "NULL",
        "signed_by_id": "NULL",
        "role": "''",
        "facts": "'{}'",
    }
    _copy(
        grant, f"{answered} AND p.state <> 'REFUSED'", **begun, **system, step="'open-access'", label="'开通'"
    )
    _copy(grant, "plan p WHERE p.state = 'EXPIRED'", **begun, **system, step="'expire'", label="'到期停用'")
    _run(
        "INSERT INTO procedures_done (case_id, user_id, closed_at)"
        " SELECT DISTINCT p.id, who, p.closed_at FROM plan p JOIN procedures_act a ON a.case_id = p.id,"
        " unnest(ARRAY[a.user_id, a.signed_by_id]) AS who WHERE p.closed_at IS NOT NULL AND who IS NOT NULL"
    )
    limit = {
        "case_id": "p.id",
        "started_at": "p.received_at",
        "rules_on": "p.received_at::date",
        "working": "'{}'",
        "breached_at": "NULL",
        "noticed_at": "NULL",
    }
    _copy(
        Deadline.objects.filter(clock="ANSWER", outcome="open").order_by("pk")[0],
        "plan p",
        **limit,
        due_at="coalesce(p.due_at, p.received_at + interval '6 days')",
        due_on="(coalesce(p.due_at, p.received_at + interval '6 days') - interval '1 microsecond')::date",
        outcome="CASE WHEN p.running THEN 'open' ELSE 'met' END",
        closed_at="CASE WHEN NOT p.running THEN p.received_at + interval '3 days' END",
        next_look="CASE WHEN p.running THEN p.due_at END",
    )
    _copy(
        Deadline.objects.filter(clock="TERM", outcome="open").order_by("pk")[0],
        "plan p WHERE p.in_use",
        **limit,
        due_at="p.received_at + interval '3 years'",
        due_on="(p.received_at + interval '3 years' - interval '1 microsecond')::date",
        next_look="p.received_at + interval '3 years'",
    )
    _copy(
        Paper.objects.order_by("pk")[0],
        "plan p WHERE p.kind = 'sharing-request'",
        case_id="p.id",
        act_id="NULL",
        number="'测' || p.g || '号'",
        addressee_id="p.asker",
        issued_at="p.received_at",
        content="'{}'",
        code="'C' || p.g",
    )


def _messages(size: int, at: datetime) -> None:
    """An event for each case; a message for one in five, of which the data authority's officer read all but 3,000."""
    _run(
        "INSERT INTO audit_event (at, action, actor, organisation, object_kind, object_id, request_id, body)"
        " SELECT p.received_at, 'sharing-request:submit', '测量', '', 'case', c.number, '', '{}'"
        " FROM plan p JOIN procedures_case c USING (id)"
    )
    _copy(
        Outgoing.objects.order_by("pk")[0],
        "plan p WHERE p.g % 5 = 0",
        case_id="p.id",
        created_at="p.received_at",
        next_try="NULL",
        done_at="p.received_at",
    )
    _run(
        "INSERT INTO notices_notice (outgoing_id, user_id, created_at, read_at, mail, mail_attempts, mail_failure)"
        " SELECT o.id, u.id, o.created_at, CASE WHEN row_number() OVER (ORDER BY o.id DESC) > 3000 THEN %(at)s END,"
        " '', 0, '' FROM notices_outgoing o, accounts_user u WHERE u.username = 'authority'"
        " AND NOT EXISTS (SELECT FROM notices_notice n WHERE n.outgoing_id = o.id AND n.user_id = u.id)",
        {"at": at},
    )


def _person(body: str, role: str) -> str:
    return f"(SELECT id FROM accounts_user u WHERE u.username = 'bench-{role}-' || {body})"


def _copy(model: Model, source: str, **own: str) -> None:
    """A row like `model` for every line of `source`, with columns of its own (SQL over `p`)."""
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key or f.column in own]
    values = ", ".join(own.get(column, f"m.{column}") for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    one = f"(SELECT * FROM {_table(type(model))} WHERE {model._meta.pk.column} = {int(model.pk)}) m"
    _run(f"INSERT INTO {_table(type(model))} ({named}) SELECT {values} FROM {one}, {source}")


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _run(sql: str, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
