"""What the public page of an article says of procedures: the steps that rest on it, and what is asked before them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from statutes.enforcement import Reference
from statutes.law import cite
from statutes.texts import Article

from procedures.declare import Procedure, Step
from procedures.registry import all_procedures


def references(article: Article, at: datetime) -> Iterator[Reference]:
    """Each step and precondition that cites the article, with the place and who acts: read from the declarations."""
    for procedure in all_procedures():
        for step in procedure.steps:
            places = [one.place for one in step.citations if one.article is article]
            if places:
                yield Reference(
                    _("办理程序"),
                    f"{procedure.label}：{step.label}",
                    _("%(who)s，据%(places)s") % {"who": who(step), "places": "、".join(places)},
                    _address(procedure, step),
                )
            for guard in step.guards:
                if cite(guard.cites).article is article:
                    said = {"what": guard.says, "place": cite(guard.cites).place}
                    yield Reference(
                        _("办理条件"),
                        f"{procedure.label}：{step.label}",
                        _("办理前核对：%(what)s（%(place)s）") % said,
                        _address(procedure, step),
                    )


def who(step: Step) -> str:
    """数据使用部门经办人，处负责人签发."""
    said = step.by.label
    if step.consent is not None:
        said += _("，%(who)s签发") % {"who": step.consent.label}
    if step.confirm is not None:
        said += _("，%(who)s事后确认") % {"who": step.confirm.label}
    return said


def _address(procedure: Procedure, step: Step) -> str:
    return f"{reverse('web:procedure', args=[procedure.code])}#{step.code}"
