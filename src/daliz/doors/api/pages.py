"""The API's own documentation as one page: made from the OpenAPI description, without a script."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from django.http import HttpResponse

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; } pre { overflow-x: auto; padding: .75rem; }
pre, h3 code { background: rgb(127 127 127 / 12%); } table { border-collapse: collapse; }
td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; }
:root { color-scheme: light dark; }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def page(told: Mapping[str, Any]) -> HttpResponse:
    """Return the page of an OpenAPI description; it loads nothing from anywhere."""
    reply = HttpResponse("\n".join(_lines(told)), content_type="text/html; charset=utf-8")
    reply["Content-Security-Policy"] = _POLICY
    return reply


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    about = told["info"]
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{escape(about['title'])} API</title>"
    yield f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
    yield f"<h1>{escape(about['title'])} API, version {escape(about['version'])}</h1>"
    yield f"<p>{escape(about.get('description', ''))}</p>"
    yield '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
    tag = None
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            [first, *_] = operation.get("tags") or [""]
            if first != tag:
                tag = first
                yield f"<h2>{escape(tag.capitalize())}</h2>"
            yield from _operation(method.upper(), path, operation, told["components"]["schemas"])
    yield "</main></body></html>"


def _operation(
    method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Iterator[str]:
    yield f'<h3 id="{escape(operation["operationId"])}"><code>{method} {escape(path)}</code></h3>'
    yield f"<p><strong>{escape(operation.get('summary', ''))}.</strong>"
    yield f"{escape(operation.get('description', ''))}</p>"
    named = [p for p in operation.get("parameters", ()) if p["in"] != "header"]
    if named:
        yield "<table><tr><th>Parameter</th><th>In</th><th>Type</th></tr>"
        for one in named:
            kind = escape(_kind(one.get("schema", {})))
            yield f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td><td>{kind}</td></tr>"
        yield "</table>"
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        name = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
        yield f"<p>Body: <code>{escape(kind)}</code></p>"
        if name:
            yield from _fields(schemas[name])
        if "example" in body:
            shown = json.dumps(body["example"], ensure_ascii=False, indent=1)
            yield f"<pre>{escape(shown)}</pre>"
    yield f"<p>Answers: {escape(', '.join(str(code) for code in operation['responses']))}</p>"


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><tr><th>Field</th><th>Type</th><th></th></tr>"
    for name, one in schema.get("properties", {}).items():
        needed = "required" if name in schema.get("required", ()) else ""
        yield f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(one))}</td><td>{needed}</td></tr>"
    yield "</table>"


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("type", "any"))
