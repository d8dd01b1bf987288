"""docs/reference/: the interface as OpenAPI for machines, and the same for people to look things up in."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from api import schema

from web.documentation.markdown import anchor, document, table, written_by

FOLDER = "docs/reference"
COOKIE = "yushu_session"  # a demonstration adds its port to the name
PLACES = {"path": "地址", "query": "参数", "header": "请求头"}
TYPES = {
    "string": "文本",
    "integer": "整数",
    "number": "数",
    "boolean": "是否",
    "object": "对象",
    "null": "null",
}
FORMATS = {"date": "日期", "date-time": "时刻", "binary": "文件", "uri": "网址", "email": "邮箱"}
Described = Mapping[str, Any]


def documents() -> Iterator[tuple[str, str]]:
    """(path, text) of both."""
    described = _described()
    yield f"{FOLDER}/openapi.json", json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    yield f"{FOLDER}/api.md", _page(described)


def _described() -> dict[str, Any]:
    found = copy.deepcopy(schema.document())
    found["components"]["securitySchemes"]["session"]["name"] = COOKIE
    return json.loads(json.dumps(found, ensure_ascii=False, default=str))


def _page(described: Described) -> str:
    tags: dict[str, list[tuple[str, str, Described]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    answers = described["components"]["responses"]
    every = reduce(
        set.intersection, (_problems(one, answers) for found in tags.values() for *_, one in found)
    )
    # What an operation asks for stands with the operation; what stands inside of it has no other place.
    schemas = described["components"]["schemas"]
    inner = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas)))
    shapes = {name: shape for name, shape in schemas.items() if not name.endswith("Request") or name in inner}
    return document(
        "# 接口参考",
        written_by("接口的描述"),
        "怎样用见[接口使用指南](../api.md)，机器可读的见 [openapi.json](openapi.json)（OpenAPI 3.1）。"
        "“令牌范围”为空的不需要令牌；有范围的，还以令牌所有人的岗位为限，由谁办理见各操作和[办理程序](../procedures/README.md)。",
        "每个操作都可能有的错误："
        + "；".join(f"{one} {_said(answers, one)}" for one in sorted(every))
        + "。",
        "其余错误：" + "；".join(f"{one} {_said(answers, one)}" for one in _others(answers, every)) + "。",
        *(part for tag, found in tags.items() for part in _tag(tag, found, described, every)),
        "## 内容的形状",
        *(part for name, shape in shapes.items() for part in _shape(name, shape)),
    )


def _problems(operation: Described, answers: Described) -> set[str]:
    return {status for status in operation["responses"] if f"Problem{status}" in answers}


def _others(answers: Described, every: set[str]) -> list[str]:
    return sorted({name.removeprefix("Problem") for name in answers} - every)


def _said(answers: Described, status: str) -> str:
    return str(answers[f"Problem{status}"]["description"])


def _tag(
    tag: str, found: list[tuple[str, str, Described]], described: Described, every: set[str]
) -> Iterator[str]:
    answers = described["components"]["responses"]
    yield f"## {tag}"
    yield table(
        ["操作", "方法", "地址", "摘要", "令牌范围", "其余错误"],
        (
            (
                f"[{one['operationId']}](#{anchor(one['operationId'])})",
                method,
                f"`{path}`",
                one["summary"],
                _scope(one),
                "、".join(sorted(_problems(one, answers) - every)),
            )
            for method, path, one in found
        ),
    )
    for method, path, one in found:
        yield f"### {one['operationId']}"
        yield f"`{method} {path}`"
        yield "\n\n".join(line for line in one.get("description", "").split("\n\n") if line)
        yield table(["位置", "字段", "类型", "必填", "说明"], _asked(one, described))
        yield f"答复：{'；'.join(_answers(one))}。"


def _scope(operation: Described) -> str:
    scopes = {scope for way in operation["security"] for scope in way.get("token", ())}
    return "、".join(f"`{scope}`" for scope in sorted(scopes))


def _asked(operation: Described, described: Described) -> Iterator[tuple[str, ...]]:
    for one in operation.get("parameters", ()):
        required = "是" if one.get("required") else ""
        yield PLACES[one["in"]], f"`{one['name']}`", _type(one["schema"]), required, _words(one)
    for media in operation.get("requestBody", {}).get("content", {}).values():
        for field in _fields(described["components"]["schemas"][_named(media["schema"])]):
            yield ("请求体", *field)


def _answers(operation: Described) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        if "$ref" in answer or status == "5XX":
            continue
        shapes = dict.fromkeys(_type(media["schema"]) for media in answer.get("content", {}).values())
        headers = [name for name in answer.get("headers", {}) if name not in ("API-Version", "X-Request-ID")]
        also = f"，响应头 {'、'.join(f'`{name}`' for name in headers)}" if headers else ""
        yield f"{status} {'、'.join(shapes) or answer['description']}{also}"


def _shape(name: str, shape: Described) -> Iterator[str]:
    yield f"### {name}"
    yield shape.get("description", "")
    yield table(["字段", "类型", "必有", "说明"], _fields(shape))


def _fields(shape: Described) -> Iterator[tuple[str, ...]]:
    for name, field in shape.get("properties", {}).items():
        yield f"`{name}`", _type(field), "是" if name in shape.get("required", ()) else "", _words(field)


def _words(described: Described) -> str:
    """The description on one line; the listed values as `code` words."""
    text = re.sub(r"\n*\* (`[^`]*`) - (.*)", r"；\1 \2", described.get("description", ""))
    return text.replace("。；", "：", 1).removeprefix("；")


def _named(schema: Described) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[1]


def _type(schema: Described) -> str:
    """A type in words, with its bounds."""
    if "$ref" in schema:
        name = _named(schema)
        return f"[{name}](#{anchor(name)})"
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return " 或 ".join(_type(one) for one in schema[several])
    if "enum" in schema:
        return "、".join("null" if one is None else f"`{one}`" for one in schema["enum"])
    kinds = schema.get("type", "任意")
    if isinstance(kinds, list):
        return " 或 ".join(_type({**schema, "type": kind}) for kind in kinds)
    if kinds == "array":
        return f"列表：{_type(schema['items'])}"
    said = FORMATS.get(schema.get("format", ""), "") if kinds == "string" else ""
    default = f"，默认 {schema['default']}" if schema.get("default") is not None else ""
    return (said or TYPES.get(kinds, kinds)) + _bounds(schema, kinds) + default


def _bounds(schema: Described, kind: str) -> str:
    keys = {"string": ("minLength", "maxLength"), "integer": ("minimum", "maximum")}.get(kind)
    if keys is None:
        return ""
    least, most = schema.get(keys[0]), schema.get(keys[1])
    if most is None or "format" in schema:
        return ""
    unit = " 字" if kind == "string" else ""
    return (
        f" {least}–{most}{unit}" if least is not None and least > (kind == "string") else f" ≤ {most}{unit}"
    )
