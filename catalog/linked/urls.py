"""Addresses of documents for machines, below /catalog/."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path, register_converter

from catalog.linked import feeds, lists, views
from catalog.linked.addresses import FORMS


class Form:
    """The suffix of a document."""

    regex = "|".join(FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Form, "linkedform")

urlpatterns = [
    path("linked/catalogue.<linkedform:form>", views.catalogue, name="linked"),
    path("feed.atom", feeds.changes, name="feed"),
    path("versions/feed.atom", feeds.publications, name="publications-feed"),
    path("vocabularies/", lists.index, name="code-lists"),
    path("vocabularies/terms.<linkedform:form>", lists.terms_linked, name="terms-linked"),
    path("vocabularies/<slug:name>/", lists.one, name="code-list"),
    path("vocabularies/<slug:name>.<linkedform:form>", lists.one_linked, name="code-list-linked"),
    path(
        "<apicode:code>/versions/<apiid:number>.<linkedform:form>",
        views.entry_version,
        name="entry-version-linked",
    ),
    path("<apicode:code>.<linkedform:form>", views.entry, name="entry-linked"),
]
