"""The public pages of the law, and the register of what enforces it."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path

import clock
import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Template
from statutes import enforcement, law
from statutes.checks import duties_exist
from statutes.keeping import declare_all
from statutes.proof import UnreadableMark, proofs


@pytest.fixture
def register(monkeypatch):
    """An empty register for the test; everything has declared itself to the real one before."""
    declare_all()
    for name in ("_enforcers", "_references", "_figures"):
        monkeypatch.setattr(enforcement, name, {})
    return enforcement


@pytest.fixture
def project(tmp_path: Path, settings):
    """A project folder whose tests the command reads."""
    (tmp_path / "tests").mkdir()
    settings.BASE_DIR = tmp_path
    return tmp_path


def write(project: Path, text: str) -> None:
    (project / "tests" / "test_it.py").write_text(text, encoding="utf-8")


def test_the_index_lists_every_article(client, db):
    page = client.get("/law/").content.decode()
    for instrument in law.instruments():
        assert instrument.title in page
        for article in law.articles(instrument.code):
            assert f'href="{article.url}"' in page


def test_every_article_has_its_page_at_a_constant_price(client, db, register, django_assert_num_queries):
    """Law is not in the database: a page of it asks nothing, however much rests on the article."""
    with django_assert_num_queries(0):
        for instrument in law.instruments():
            for article in law.articles(instrument.code):
                answer = client.get(article.url)
                assert answer.status_code == 200
                assert article.summary in answer.content.decode()
        assert client.get("/law/").status_code == 200


@pytest.mark.parametrize("place", ["REG22-61", "OPEN20-24", "XYZ-1", "REG22-0"])
def test_an_article_that_does_not_exist_is_not_found(client, db, place: str):
    assert client.get(f"/law/{place}/").status_code == 404


def test_pages_of_the_law_are_read_only(client, db):
    assert client.post("/law/REG22-26/").status_code == 405


def test_an_article_shows_what_rests_on_it(client, db, register):
    register.register("SHA-05", "sharing-request:grant", label="共享申请：同意")
    register.register_references(
        lambda article, at: (
            [enforcement.Reference("期限", "答复共享申请", "5 个工作日", "/terms/T07/")]
            if "REG22-26.1" in article.codes()
            else []
        )
    )
    seen: list[datetime] = []

    def count(article: law.Article, at: datetime) -> list[enforcement.Figure]:
        seen.append(at)
        return [enforcement.Figure("在办", "12")] if article.code == "REG22-26" else []

    register.register_figures(count)
    instant = datetime(2026, 12, 28, 10, tzinfo=clock.SHANGHAI)
    with clock.travel(instant):
        page = client.get("/law/REG22-26/").content.decode()
        other = client.get("/law/REG22-1/").content.decode()
    for shown in (
        "SHA-05",
        "共享申请：同意",
        "答复共享申请",
        "5 个工作日",
        "/terms/T07/",
        "在办",
        "12",
        "现行有效",
    ):
        assert shown in page
    assert "答复共享申请" not in other
    assert seen == [instant, instant]


def test_a_draft_is_never_shown_as_law(client, db):
    page = client.get("/law/DRAFT-1/").content.decode()
    assert "草案没有法律效力" in page
    assert "现行有效" not in page


def test_what_others_register_is_escaped(client, db, register):
    register.register("SHA-05", "<script>")
    register.register_figures(lambda article, at: [enforcement.Figure("<b>", "<i>")])
    page = client.get("/law/REG22-26/").content.decode()
    assert "<script>" not in page.replace("<script src", "")
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page


def test_the_cite_tag_links_the_basis():
    shown = Template('{% load law %}{% cite "REG22-26.1" %}').render(Context())
    assert shown == (
        '<span class="cite"><a href="/law/REG22-26/">《重庆市数据条例》第二十六条第一款</a></span>'
    )
    with pytest.raises(law.UnknownArticle):
        Template('{% load law %}{% cite "REG22-99" %}').render(Context())


def test_a_rule_registers_itself_by_its_first_line(register):
    @register.enforces("CAT-18", "CAT-19")
    def basis_is_national() -> None:
        """有条件和不予类须有国家规定作依据。

        More.
        """

    assert register.enforcers("CAT-18") == ("有条件和不予类须有国家规定作依据",)
    assert register.enforcers("CAT-19") == register.enforcers("CAT-18")
    register.register("CAT-18", "另一处")
    register.register("CAT-18", "另一处")
    assert len(register.enforcers("CAT-18")) == 2


def test_enforcing_a_duty_that_does_not_exist_is_an_error_with_its_place(register, project):
    register.register("SHA-99", "共享申请：同意")
    [fault] = duties_exist(None)
    assert "SHA-99" in fault.msg
    assert "test_statutes_pages.py:" in fault.msg
    with pytest.raises(CommandError, match=r"test_statutes_pages.py:\d+：SHA-99"):
        call_command("duties", stdout=StringIO())


@pytest.mark.duty("SEC-36", "RGT-24")
def test_the_instruments_are_shown_with_rank_and_day(client, db):
    page = client.get("/law/RGS25-15/").content.decode()
    for shown in ("行政规范性文件", "自 2025-04-08 起", "现行有效"):
        assert shown in page
    with clock.travel(datetime(2025, 4, 7, tzinfo=clock.SHANGHAI)):
        assert "当前不在施行期" in client.get("/law/RGS25-15/").content.decode()


def test_what_is_declared_names_real_duties():
    declare_all()
    assert enforcement.strays() == ()


def test_proofs_are_read_from_functions_classes_and_modules(project):
    write(
        project,
        """
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.duty("SHA-01")]

@pytest.mark.duty("SHA-05", "SHA-06")
def test_one(): ...

@pytest.mark.duty("SHA-07")
class TestMany:
    @pytest.mark.duty("SHA-08")
    async def test_two(self): ...

    def helper(self): ...

def test_three(): ...
""",
    )
    found = {(one.duty, one.test) for one in proofs(project)}
    it = "tests/test_it.py"
    assert found == {
        ("SHA-01", f"{it}::test_one"),
        ("SHA-05", f"{it}::test_one"),
        ("SHA-06", f"{it}::test_one"),
        ("SHA-01", f"{it}::TestMany::test_two"),
        ("SHA-07", f"{it}::TestMany::test_two"),
        ("SHA-08", f"{it}::TestMany::test_two"),
        ("SHA-01", f"{it}::test_three"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\n@pytest.mark.duty(NAME)\ndef test_it(): ...\n",
        "import pytest\n@pytest.mark.duty\ndef test_it(): ...\n",
        'import pytest\n@pytest.mark.duty("SHA-05")\ndef helper(): ...\n',
    ],
)
def test_a_mark_nobody_can_read_is_refused_with_its_place(project, text: str):
    write(project, text)
    with pytest.raises(UnreadableMark, match=r"tests/test_it.py:2"):
        proofs(project)
    with pytest.raises(CommandError, match=r"tests/test_it.py:2"):
        call_command("duties", stdout=StringIO())


def test_a_mark_of_an_unknown_duty_is_refused_with_its_place(register, project):
    write(project, 'import pytest\n@pytest.mark.duty("SHA-99")\ndef test_it(): ...\n')
    with pytest.raises(CommandError, match="tests/test_it.py:2：SHA-99"):
        call_command("duties", stdout=StringIO())


def test_the_command_prints_json_for_machines(register, project):
    write(project, 'import pytest\n@pytest.mark.duty("SHA-05")\ndef test_it(): ...\n')
    register.register("SHA-05", "sharing-request:grant", label="共享申请：同意")
    out = StringIO()
    call_command("duties", format="json", stdout=out)
    rows = {row["id"]: row for row in json.loads(out.getvalue())}
    assert len(rows) == 213
    assert set(rows["SHA-05"]) == {"id", "article", "enforced_by", "proved_by"}
    assert rows["SHA-05"]["article"].startswith("REG22-26")
    assert "sharing-request:grant" in rows["SHA-05"]["enforced_by"]
    assert rows["SHA-05"]["proved_by"] == ["tests/test_it.py::test_it"]
    assert rows["CAT-44"]["proved_by"] == []


def test_the_command_prints_text_for_people(register, project):
    write(project, 'import pytest\n@pytest.mark.duty("SHA-05")\ndef test_it(): ...\n')
    register.register("SHA-05", "sharing-request:grant", label="共享申请：同意")
    out = StringIO()
    call_command("duties", stdout=out)
    text = out.getvalue()
    assert "数据条例第二十六条" in text
    assert "共享申请：同意（sharing-request:grant）" in text
    assert "tests/test_it.py::test_it" in text
    assert text.rstrip().splitlines()[-1].startswith("共 213 项")
    one = StringIO()
    call_command("duties", "SHA-05", stdout=one)
    assert "SHA-06" not in one.getvalue()
    with pytest.raises(CommandError, match="SHA-99"):
        call_command("duties", "SHA-99", stdout=StringIO())
