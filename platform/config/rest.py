"""How the interface behaves as a whole: who is let in, what is read and written, how fast, and its description."""

from __future__ import annotations

from typing import Any

from config.environment import env

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "accounts.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "accounts.api.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.handling.handle",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}

#: Calls a minute: by a visitor's address, by a token, by a signed-in browser.
API_RATES = {
    "anon": env.int("API_RATE_ANON", default=60),
    "token": env.int("API_RATE_TOKEN", default=600),
    "session": env.int("API_RATE_SESSION", default=600),
}
#: Bytes of a JSON body, and of an upload with its envelope.
API_LARGEST_BODY = 1024 * 1024
API_LARGEST_UPLOAD = 21 * 1024 * 1024
#: How long the answer to an idempotency key is kept.
API_KEY_HOURS = 24

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "渝数开放接口",
    "VERSION": "1.0",
    "DESCRIPTION": (
        "重庆市公共数据平台的接口。每个办理步骤是一个操作，请求体与网页上的表单出自同一份声明；"
        "用法见 /api/v1/docs/。"
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "GENERIC_ADDITIONAL_PROPERTIES": "bool",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["api.schema.tidy"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "PATH_CONVERTER_OVERRIDES": {
        "apikey": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,59}$"},
        "apicode": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,49}(?:/[0-9]{6,9})?$"},
        "apiid": {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
    },
}
