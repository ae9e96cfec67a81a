"""Items and users: put, changed, taken off, listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request

from penchant.errors import DataError
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.api.schemas import ItemsBody, PatchBody, UsersBody
from penchant.serve.reading import check_depth, check_id, read_body
from penchant.types import Columns

__all__ = ["router"]

router = APIRouter(tags=["catalogue"])

Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str, Query(max_length=64)]


@router.post("/items", openapi_extra=ItemsBody, dependencies=[allow("ingest")])
async def post_items(request: Request, service: ServiceOf) -> dict[str, Any]:
    """Put items: one, an array or NDJSON, each whole, over what was there."""
    rows, errors = await _rows(request, Columns.ITEM)
    stored = await to_thread.run_sync(service.store.items.put, rows)
    return {"accepted": stored, "errors": errors}


@router.get("/items", dependencies=[allow("read")])
async def list_items(service: ServiceOf, n: Limit = 100, cursor: Cursor = "") -> dict[str, Any]:
    """List items, a page at a time."""
    after = _cursor(cursor)
    items, following = await to_thread.run_sync(
        lambda: service.store.items.page(after=after, most=n)
    )
    return {"items": items, "cursor": following}


@router.get("/items/{item_id:path}", dependencies=[allow("read")])
async def get_item(item_id: str, service: ServiceOf) -> dict[str, Any]:
    """Return an item as it was put."""
    return dict(await to_thread.run_sync(service.store.items.get, item_id))


@router.patch("/items/{item_id:path}", openapi_extra=PatchBody, dependencies=[allow("ingest")])
async def patch_item(item_id: str, request: Request, service: ServiceOf) -> dict[str, Any]:
    """Change fields of an item; null removes one."""
    body = await request.body()
    rows = read_body(body, "application/json")
    if len(rows) != 1 or not isinstance(rows[0], Mapping) or not body.lstrip().startswith(b"{"):
        raise DataError("a change must be one JSON object")
    changes = _checked(rows[0])
    return dict(await to_thread.run_sync(service.store.items.patch, item_id, changes))


@router.delete("/items/{item_id:path}", dependencies=[allow("ingest")])
async def delete_item(item_id: str, service: ServiceOf) -> dict[str, Any]:
    """Take an item off all lists."""
    await to_thread.run_sync(service.store.items.delete, item_id)
    return {"deleted": item_id}


@router.post("/users", openapi_extra=UsersBody, dependencies=[allow("ingest")])
async def post_users(request: Request, service: ServiceOf) -> dict[str, Any]:
    """Put users: one, an array or NDJSON, each whole, over what was there."""
    rows, errors = await _rows(request, Columns.USER)
    known = [row | {Columns.USER: service.door.user(row[Columns.USER])} for row in rows]
    stored = await to_thread.run_sync(service.store.people.put, known)
    return {"accepted": stored, "errors": errors}


async def _rows(request: Request, column: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    body = await request.body()
    rows = read_body(body, request.headers.get("content-type", ""))
    good: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for index, row in enumerate(rows):
        try:
            good.append(_row(row, column))
        except DataError as error:
            errors.append({"index": index, "detail": str(error)})
    return good, errors


def _row(row: object, column: str) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise DataError("it must be a JSON object")
    return _checked(row) | {column: check_id(row.get(column), column)}


def _checked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of *row*.

    Raises:
        DataError: If one of ours has another type, or one cannot be kept.
    """
    check_depth(row, "a row")
    for name, kinds in (
        (Columns.TITLE, str),
        (Columns.DESCRIPTION, str),
        (Columns.CATEGORIES, (str, list)),
        (Columns.BRAND, str),
        (Columns.AVAILABLE, bool),
    ):
        value = row.get(name)
        if value is not None and not isinstance(value, kinds):
            raise DataError(f"{name} has the wrong type: {str(value)[:40]!r}")
    price = row.get(Columns.PRICE)
    if price is not None and (isinstance(price, bool) or not isinstance(price, int | float)):
        raise DataError(f"{Columns.PRICE} must be a number, got {str(price)[:40]!r}")
    return dict(row)


def _cursor(cursor: str) -> str:
    if not re.fullmatch(r"([0-9a-f]{32})?", cursor):
        raise DataError(f"cursor {cursor!r} is none of ours", hint="Send the one of the last page.")
    return cursor
