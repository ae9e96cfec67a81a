"""Shapes of answers: JSON schemas in which everything is bounded, and the check against them.

A schema is put together from the functions here, so that no text, list or number in it is without
a bound: a model that may write on and on does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from penchant.llm.base import Json, Schema

__all__ = ["choice", "items", "number", "parsed", "problem_of", "record", "text"]


def text(longest: int, *, shortest: int = 1) -> dict[str, Any]:
    """Return the shape of a text of *shortest* to *longest* characters."""
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def choice(values: Sequence[str]) -> dict[str, Any]:
    """Return the shape of one of *values*, a closed vocabulary."""
    return {"type": "string", "enum": list(values)}


def number(low: float, high: float) -> dict[str, Any]:
    """Return the shape of a number in [*low*, *high*]."""
    return {"type": "number", "minimum": low, "maximum": high}


def items(shape: Schema, most: int, *, least: int = 0) -> dict[str, Any]:
    """Return the shape of a list of *least* to *most* values of *shape*."""
    return {"type": "array", "items": dict(shape), "minItems": least, "maxItems": most}


def record(**fields: Schema) -> dict[str, Any]:
    """Return the shape of an object of exactly *fields*."""
    return {
        "type": "object",
        "properties": {name: dict(shape) for name, shape in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
    }


_FENCE: Final = re.compile(r"^```\w*\s*|\s*```$")


def parsed(answer: str) -> Json:
    """Return the JSON value that *answer* holds; a fence of Markdown around it is passed over.

    Raises:
        ValueError: If it is no JSON, or more than JSON.
    """
    try:
        return json.loads(_FENCE.sub("", answer.strip()))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def problem_of(value: Json, schema: Schema) -> str:
    """Return how *value* breaks *schema*, naming the place; empty where it keeps it."""
    return _problem(value, schema, "answer")


def _problem(value: Json, shape: Schema, place: str) -> str:
    return _CHECKS[shape["type"]](value, shape, place)


def _object(value: Json, shape: Schema, place: str) -> str:
    fields = shape["properties"]
    if not isinstance(value, dict) or set(value) != set(fields):
        return f"{place} is not an object of {', '.join(fields)}"
    return next(filter(None, (_problem(value[k], fields[k], f"{place}.{k}") for k in fields)), "")


def _array(value: Json, shape: Schema, place: str) -> str:
    if not isinstance(value, list) or not shape["minItems"] <= len(value) <= shape["maxItems"]:
        return f"{place} is not a list of {shape['minItems']} to {shape['maxItems']}"
    problems = (_problem(one, shape["items"], f"{place}[{n}]") for n, one in enumerate(value))
    return next(filter(None, problems), "")


def _string(value: Json, shape: Schema, place: str) -> str:
    if not isinstance(value, str):
        return f"{place} is no text"
    if "enum" in shape:
        return "" if value in shape["enum"] else f"{place} is none of the choices"
    if not shape["minLength"] <= len(value) <= shape["maxLength"]:
        return f"{place} is not of {shape['minLength']} to {shape['maxLength']} characters"
    return ""


def _number(value: Json, shape: Schema, place: str) -> str:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real:
        return f"{place} is no number"
    if not shape["minimum"] <= value <= shape["maximum"]:
        return f"{place} is not in [{shape['minimum']:g}, {shape['maximum']:g}]"
    return ""


_CHECKS: Final = {"object": _object, "array": _array, "string": _string, "number": _number}
