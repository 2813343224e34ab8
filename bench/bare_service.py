"""The least that could do it: FastAPI and asyncpg write the rows of a declaration and decide nothing.

It parses the body, checks no field, asks for no token, and writes the same rows, with the same payloads as
one decision of Daliz had, in one transaction. What it does not do is what Daliz is for.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI, Request

_TABLES = (
    ("intake_declaration", "id = $1"),
    ("intake_version", "declaration_id = $1"),
    ("intake_timelineentry", "declaration_id = $1"),
    (
        "assessment_decision",
        "version_id IN (SELECT id FROM intake_version WHERE declaration_id = $1)",
    ),
    (
        "assessment_measureorder",
        (
            "decision_id IN (SELECT id FROM assessment_decision WHERE version_id IN "
            "(SELECT id FROM intake_version WHERE declaration_id = $1))"
        ),
    ),
    ("journal_entry", "subject_kind = 'declaration' AND subject_id = $1::text"),
    ("outbox_notice", "subject_id = $1::text"),
)
"""Tables, and which rows of each are those of a declaration."""


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    pool = await asyncpg.create_pool(os.environ["BARE_DATABASE"], min_size=4, max_size=4)
    app.state.pool = pool
    key = int(os.environ["BARE_DECLARATION"])
    app.state.rows = {}
    async with pool.acquire() as connection:
        for table, where in _TABLES:
            asked = str(key) if "::text" in where else key
            found = await connection.fetch(f"SELECT * FROM {table} WHERE {where}", asked)
            app.state.rows[table] = [dict(row) for row in found]
    yield
    await pool.close()


app = FastAPI(lifespan=_life)


async def declare(request: Request) -> dict[str, Any]:
    body = await request.body()
    content = json.loads(body)
    pool, rows = request.app.state.pool, request.app.state.rows
    async with pool.acquire() as connection, connection.transaction():
        return await _write(connection, rows, content, body.decode())


async def declare_many(request: Request) -> dict[str, Any]:
    contents = json.loads(await request.body())
    pool, rows = request.app.state.pool, request.app.state.rows
    async with pool.acquire() as connection, connection.transaction():
        return {"results": [await _write(connection, rows, one, json.dumps(one)) for one in contents]}


app.post("/declarations", status_code=201)(declare)
app.post("/declarations/batch")(declare_many)


async def _write(connection: Any, rows: Any, content: Any, text: str) -> dict[str, Any]:
    key, version, decision = await connection.fetchrow(
        "SELECT nextval('intake_declaration_id_seq'), nextval('intake_version_id_seq'),"
        " nextval('assessment_decision_id_seq')"
    )
    number = f"bare/{key}"
    for table, own in rows.items():
        for n, row in enumerate(own):
            told = {k: v for k, v in row.items() if k != "id"}
            if table == "intake_declaration":
                told |= {"id": key, "number": number, "office": str(content["office"])[:16]}
            elif table == "intake_version":
                told |= {"id": version, "declaration_id": key, "content": text}
            elif table == "assessment_decision":
                told |= {"id": decision, "version_id": version}
            elif table == "assessment_measureorder":
                told |= {"decision_id": decision}
            elif table == "intake_timelineentry":
                told |= {"declaration_id": key}
            else:
                told |= {"subject_id": str(key)}
            if table == "outbox_notice":
                told |= {"key": f"bare/{key}/{n}"}
            names = ", ".join(f'"{name}"' for name in told)
            marks = ", ".join(f"${place}" for place in range(1, len(told) + 1))
            await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *told.values())
    return {"id": key, "number": number}
