"""Data standards: written down by the city data authority, with their texts, for everybody to read."""

from __future__ import annotations

import json
from datetime import date

import clock
import pytest
from audit.models import Event
from datacentre.actions import load_version
from django.core.files.uploadedfile import SimpleUploadedFile
from procedures.refusals import BadFacts, NoRight

from catalog.models import Standard
from catalog.standards import keeping
from tests.shelf import AIR_ROWS, AT, build_entry, build_holding

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)
NORM = {
    "kind": "aggregation-norm", "level": "norm", "number": "渝数〔2026〕1号", "title": "政务数据汇聚规范",
    "version": "2026 版", "scope": "各政务部门", "region": "city", "source": "市大数据局", "since": FIRST,
    "link": "https://example.gov.cn/norm",
}  # fmt: skip
SHARED = {
    **NORM, "kind": "general", "level": "local", "number": "DB50/T 10002-2022", "title": "公共信息资源标识规范",
    "version": "2022", "region": "sichuan-chongqing", "source": "渝、川两地", "joined": "某企业、某大学",
}  # fmt: skip


def pdf(name="规范.pdf", said=b"%PDF-1.4\n%%EOF\n"):
    return SimpleUploadedFile(name, said, "application/pdf")


def loaded():
    """What the trail says of the last load."""
    return json.loads(Event.objects.filter(action="holding:load").latest("pk").body)["after"]


def written(cast, facts=NORM, **more):
    upload = more.pop("upload", None)
    return keeping.register({**facts, **more}, upload=upload, at=AT, by=cast.actor("authority", AT))


@pytest.mark.duty("CAT-35", "CAT-36")
def test_everybody_reads_number_version_scope_region_and_text(client, cast, django_assert_num_queries):
    row = written(cast, SHARED, upload=pdf())
    written(cast, {**SHARED, "number": "XF-1", "kind": "classification"}, body=cast.organisation("provider"))
    page = client.get("/catalog/standards/").content.decode()
    for words in (
        "DB50/T 10002-2022",
        "公共信息资源标识规范",
        "川渝地区",
        "渝、川两地",
        "重庆市生态环境局",
        "2026-01-01",
    ):
        assert words in page, words
    assert "登记标准" not in page
    one = client.get(f"/catalog/standards/{row.pk}/").content.decode()
    for words in ("各政务部门", "某企业、某大学", "规范.pdf", row.digest, "https://example.gov.cn/norm"):
        assert words in one, words
    text = client.get(f"/catalog/standards/{row.pk}/text/")
    assert b"".join(text) == b"%PDF-1.4\n%%EOF\n" and text["Content-Type"] == "application/pdf"
    assert "attachment" in text["Content-Disposition"]
    with django_assert_num_queries(1):
        client.get("/catalog/standards/")
    assert client.get("/catalog/standards/99999/").status_code == 404


@pytest.mark.duty("CAT-35")
def test_a_new_version_ends_the_one_before_and_both_stay(client, cast):
    first = written(cast, SHARED)
    second = written(cast, SHARED, version="2026", since=date(2026, 9, 1))
    first.refresh_from_db()
    assert first.until == second.since and second.until is None
    assert list(Standard.objects.standing(date(2026, 8, 31))) == [first]
    assert list(Standard.objects.standing(date(2026, 9, 1))) == [second]
    for facts in ({"version": "2026"}, {"version": "2027", "since": FIRST}):
        with pytest.raises(BadFacts):
            written(cast, SHARED, **facts)
    keeping.end(second, on=AT.date(), at=AT, by=cast.actor("authority", AT))
    with pytest.raises(BadFacts):
        keeping.end(second, on=AT.date(), at=AT, by=cast.actor("authority", AT))
    told = client.get("/catalog/standards/").content.decode()
    assert (
        "还没有登记" in told
        and "公共信息资源标识规范" in client.get("/catalog/standards/?all=1").content.decode()
    )
    assert [e.action for e in Event.objects.filter(object_kind="standard").order_by("pk")] == [
        "standard:register", "standard:register", "standard:end",
    ]  # fmt: skip


@pytest.mark.duty("CAT-22")
def test_one_aggregation_norm_holds_and_loads_name_it(client, cast):
    holding = build_holding(cast.organisation("provider"))
    assert loaded()["norm"] == ""
    first = written(cast)
    second = written(cast, number="渝数〔2026〕9号", version="第 2 版", since=date(2026, 9, 1))
    first.refresh_from_db()
    assert first.until == second.since
    assert keeping.aggregation_norm(date(2026, 8, 31)) == first
    assert keeping.aggregation_norm(AT.date()) == second
    load_version(holding, rows=AIR_ROWS, at=AT, by=cast.actor("provider", AT))
    said = loaded()["norm"]
    assert said == "《政务数据汇聚规范》（渝数〔2026〕9号，第 2 版）"
    client.force_login(cast.user("provider"))
    assert said in client.get("/datacentre/holdings/AIR/").content.decode()
    assert "政务数据汇聚规范（第 2 版）" in client.get("/catalog/responsibility/cq-sthjj/").content.decode()


@pytest.mark.duty("CAT-23")
def test_what_is_in_the_catalogue_and_not_aggregated_is_named(client, cast):
    build_holding(cast.organisation("provider"))
    build_entry(cast.organisation("provider"), code="LATE", name="尚未汇聚的条目")
    client.force_login(cast.user("provider"))
    only = client.get("/catalog/responsibility/cq-sthjj/?state=none").content.decode()
    assert "尚未汇聚的条目" in only and "大气监测数据" not in only and "未汇聚 1" in only
    assert client.get("/catalog/standards/register/").status_code == 403


@pytest.mark.parametrize("name", ["provider", "provider_lead", "auditor", "district", "citizen", "sysadmin"])
def test_others_than_the_city_authority_write_nothing_down(client, cast, name):
    row = written(cast)
    with pytest.raises(NoRight):
        keeping.register(SHARED, at=AT, by=cast.actor(name, AT))
    with pytest.raises(NoRight):
        keeping.end(row, on=AT.date(), at=AT, by=cast.actor(name, AT))
    client.force_login(cast.user(name))
    assert client.get("/catalog/standards/register/").status_code == 403
    assert client.post(f"/catalog/standards/{row.pk}/end/").status_code == 403
    row.refresh_from_db()
    assert row.until is None and Standard.objects.count() == 1


def test_the_form_says_what_is_wrong_and_keeps_what_was_written(client, cast):
    client.force_login(cast.user("authority"))
    said = {**{k: str(v) for k, v in SHARED.items()}, "link": ""}
    for more, told in (
        ({}, "公开地址，或者上传"),
        ({"body": "没有的局", "link": "https://x.cn"}, "机构名录中没有"),
        ({"file": pdf("规范.exe")}, "不能接收"),
        ({"file": pdf(said=b"MZ")}, "内容与扩展名不符"),
    ):
        refused = client.post("/catalog/standards/register/", {**said, **more})
        page = refused.content.decode()
        assert refused.status_code == 422 and told in page and "公共信息资源标识规范" in page, told
    assert Standard.objects.count() == 0
    taken = client.post("/catalog/standards/register/", {**said, "body": "市体育局", "file": pdf()})
    row = Standard.objects.get()
    assert taken.status_code == 302 and row.body.short_name == "市体育局" and row.file_name == "规范.pdf"
    again = client.get(f"/catalog/standards/register/?of={row.pk}").content.decode()
    assert "公共信息资源标识规范" in again and clock.today().isoformat() in again
    assert client.post("/catalog/standards/register/", {**said, "file": pdf()}).status_code == 422
    assert client.post(f"/catalog/standards/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.until == clock.today()
