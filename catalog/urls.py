from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import include, path

from catalog import amendments, reviewpages, versionpages, views
from catalog.compile import views as compiling
from catalog.contributions import views as contributions
from catalog.corrections import views as corrections
from catalog.databases import views as databases
from catalog.demands import views as demands
from catalog.disputes import views as disputes
from catalog.linked import urls as linked
from catalog.projects import views as projects
from catalog.quality import views as quality
from catalog.search import views as finding
from catalog.standards import views as standards

app_name = "catalog"
urlpatterns = [
    path("", finding.listing, name="list"),
    path("export/<str:form>/", finding.export, name="export"),
    path("compile/", compiling.listing, name="compile"),
    path("compile/import/", include("catalog.exchange.urls")),
    path("compile/", include("catalog.compile.urls")),
    path("corrections/", corrections.corrections, name="corrections"),
    path("problems/", corrections.problems, name="problems"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("needs/", demands.needs, name="needs"),
    path("needs/new/", demands.need, name="need"),
    path("projects/", projects.projects, name="projects"),
    path("systems/", projects.systems, name="systems"),
    path("audits/", projects.audits, name="audits"),
    path("versions/", versionpages.publications, name="publications"),
    path("versions/<apiid:number>/", versionpages.publication, name="publication"),
    path("versions/<apiid:number>/catalogue.csv", versionpages.publication_csv, name="publication-csv"),
    path("responsibility/", versionpages.responsibilities, name="responsibilities"),
    path("responsibility/<apikey:body>/", versionpages.responsible, name="responsibility"),
    path("reviewed/<apikey:number>/", reviewpages.reviewed, name="reviewed"),
    path("reviewed/<apikey:number>/<apiid:pk>/", reviewpages.one, name="reviewed-one"),
    path("standards/", standards.standards, name="standards"),
    path("standards/register/", standards.register, name="standard-register"),
    path("standards/<apiid:pk>/", standards.standard, name="standard"),
    path("standards/<apiid:pk>/text/", standards.text, name="standard-text"),
    path("standards/<apiid:pk>/end/", standards.end, name="standard-end"),
    path("contributions/", contributions.contributions, name="contributions"),
    path("contributions/offer/", contributions.offer, name="contribution-offer"),
    path("contributions/<apiid:pk>/", contributions.contribution, name="contribution"),
    path("contributions/<apiid:pk>/answer/", contributions.answer, name="contribution-answer"),
    path("contributions/<apiid:pk>/withdraw/", contributions.withdraw, name="contribution-withdraw"),
    path("amendments/", amendments.amendments, name="amendments"),
    *linked.urlpatterns,
    path("quality/", quality.overview, name="quality"),
    path("quality/rules/", quality.rules, name="quality-rules"),
    path("quality/rules/<apikey:code>/", quality.rule, name="quality-rule"),
    path("quality/bodies/<apikey:body>/", quality.body, name="quality-body"),
    path("quality/bodies/<apikey:body>/export.csv", quality.export, name="quality-export"),
    path("<apicode:code>/quality/", quality.entry, name="entry-quality"),
    path("<apicode:code>/quality/mend/", quality.mend, name="entry-mend"),
    path("<apicode:code>/versions/", versionpages.entry_versions, name="entry-versions"),
    path("<apicode:code>/versions/<apiid:number>/", versionpages.entry_version, name="entry-version"),
    path("<apicode:code>/correct/", corrections.correct, name="correct"),
    path("databases/", databases.databases, name="databases"),
    path("databases/lead/", databases.lead, name="database-lead"),
    path("databases/<apiid:pk>/end/", databases.end, name="database-end"),
    path("<apicode:code>/related/", views.related, name="entry-related"),
    path("<apicode:code>/", views.entry, name="entry"),
]
