"""What the OpenAPI description says besides what the code shows: bodies read by hand, examples, problems."""

from typing import Any, Final

EXAMPLE: Final[dict[str, Any]] = {
    "kind": "normal",
    "direction": "import",
    "procedure": "IM40",
    "office": "53901",
    "goods_location": "53901",
    "declarant_id": "600400123456",
    "trader_id": "600400123456",
    "departure_country": "CN",
    "transport_mode": "31",
    "currency": "KZT",
    "items": [
        {
            "item_no": 1,
            "hs_code": "6403990000",
            "origin_country": "CN",
            "description": "обувь женская кожаная, 36-40",
            "net_mass_kg": 500.0,
            "gross_mass_kg": 520.0,
            "customs_value": "20000000.00",
        }
    ],
}
"""A declaration that is taken as it is."""

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What is refused, as RFC 9457 has it.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "a sentence in the language of Accept-Language"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string", "description": "where: items[2].hs_code"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {"type": ["string", "null"]},
                },
            },
        },
    },
}

_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 128, "pattern": "^[!-~]*$"},
    "description": "a request sent twice under one key is carried out once",
}

ONE: Final[dict[str, Any]] = {
    "parameters": [_KEY],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object"}, "example": EXAMPLE},
            "application/xml": {"schema": {"type": "string"}},
        },
    },
}
"""One declaration."""

MANY: Final[dict[str, Any]] = {
    "parameters": [_KEY],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "items": {"description": "a declaration; what is none is refused by itself"},
                    "maxItems": 200,
                },
                "example": [EXAMPLE],
            },
            "application/xml": {"schema": {"type": "string"}},
        },
    },
}
"""A batch."""


FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""The bytes of a file."""


def download_of(kind: str) -> dict[str, Any]:
    """Return what describes the reply of an operation that sends a file of a media type."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "the file", "content": content}}}


def with_problems(told: dict[str, Any]) -> dict[str, Any]:
    """Add to every operation how it refuses."""
    told["components"]["schemas"]["Problem"] = PROBLEM
    refused = {
        "description": "refused; nothing was done",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in told["paths"].values():
        for operation in operations.values():
            operation["responses"]["4XX"] = refused
    return told
