"""常用视图: lists of the worklist that somebody comes back to, kept under names of their own."""

from __future__ import annotations

from accounts.models import User
from django.db import transaction
from procedures.refusals import BadFacts

from web.models import WorklistView

#: A row of them is read at a glance; more would be a menu.
MOST = 12
LONGEST = WorklistView._meta.get_field("name").max_length
WIDEST = WorklistView._meta.get_field("query").max_length


def keep(owner: User, name: str, query: str) -> WorklistView:
    """Keep the conditions under the name; one that has the name already is replaced. Raises BadFacts."""
    name = " ".join(name.replace("\0", " ").split())
    if not name or len(name) > LONGEST:
        raise BadFacts({"name": [f"视图名称填 1 至 {LONGEST} 个字，现在是 {len(name)} 个字。"]})
    if not query:
        raise BadFacts({"name": ["当前列表没有条件，先选好清单或者条件，再存为视图。"]})
    if len(query) > WIDEST:
        raise BadFacts({"name": ["条件太长，不能存为视图，请缩短要找的文字。"]})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two at once would both find room for the last
        kept = WorklistView.objects.filter(owner=owner)
        if kept.exclude(name=name).count() >= MOST:
            raise BadFacts({"name": [f"最多保存 {MOST} 个视图，先删除不用的。"]})
        view, _created = kept.update_or_create(owner=owner, name=name, defaults={"query": query})
    return view


def drop(owner: User, key: int) -> str:
    """Forget one; returns its name. Raises WorklistView.DoesNotExist for what is not the owner's."""
    view = WorklistView.objects.get(owner=owner, pk=key)
    view.delete()
    return view.name
