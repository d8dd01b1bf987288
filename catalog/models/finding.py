"""What entries are found by, derived from them in their own transaction (`catalog.search`)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.entries import Entry


class FacetValue(models.Model):
    """One value by which entries can be narrowed, and how many have it. Triggers keep the counts and the names.

    A body and a district have a `label` and their folded `names`; the other values have theirs in a vocabulary.
    """

    facet = models.CharField(_("筛选项"), max_length=12)
    value = models.CharField(_("值"), max_length=60)
    label = models.CharField(_("名称"), max_length=100, blank=True)
    names = models.TextField(blank=True)
    published = models.IntegerField(_("已发布"), default=0)
    withdrawn = models.IntegerField(_("已撤销"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("筛选值")
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="facet_value_once")]
        indexes = [models.Index(fields=["facet", "-published"], name="facet_value_by_count")]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}"


class SearchDocument(models.Model):
    """What one entry is found by; migration 0005 explains the lots and the vector, and makes the table.

    `title` is the folded name, `by_name` its place in the order of names (by reading, as far as GB 2312 has it),
    `facets` the keys of its facet values.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="document")
    lot = models.CharField(max_length=1)
    published = models.BooleanField()
    has_data = models.BooleanField()
    provider_id = models.BigIntegerField()
    changed_at = models.DateTimeField()
    facets = ArrayField(models.IntegerField())
    title = models.TextField()
    by_name = models.BinaryField()
    vector = SearchVectorField()

    class Meta:
        verbose_name = verbose_name_plural = _("检索文本")

    def __str__(self) -> str:
        return self.title
