"""The base of every address of the interface. Who may come in is declared on the class, by permission and scope."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import parsers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

#: The version of the contract; the first number stands in the addresses.
VERSION = "1.0"


class View(APIView):
    """For signed-in people and tokens. `required_scope` names the scope that a token needs (see accounts.api)."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    asked: dict[str, Any]
    given: dict[str, Any]

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["API-Version"] = VERSION
        if not self.is_public:
            response["Cache-Control"] = "no-store"
        return response

    @property
    def is_public(self) -> bool:
        return AllowAny in self.permission_classes


class PublicView(View):
    """For everybody; what is seen still depends on who asks."""

    permission_classes = [AllowAny]


class FileNegotiation(APIView.content_negotiation_class):  # type: ignore[misc]
    """For answers that are files: the form is chosen by the address, so every Accept will do."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Request, parsers: list[parsers.BaseParser]) -> Any:
        return super().select_parser(request, parsers)
