"""Shapes that several apps' answers share."""

from __future__ import annotations

from rest_framework import serializers


class OrganisationRef(serializers.Serializer):
    """机构。"""

    code = serializers.CharField(help_text="机构代码。")
    name = serializers.CharField(help_text="全称。")
    short_name = serializers.CharField(help_text="简称。")


class PersonRef(serializers.Serializer):
    """人员。"""

    account = serializers.CharField(source="username", help_text="账号。")
    name = serializers.CharField(help_text="姓名。")
