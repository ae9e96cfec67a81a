"""What requests and answers look like, for checks and for OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from penchant.serve.reading import MOST
from penchant.serve.tokens import LONGEST

__all__ = [
    "EVENTS",
    "EventsAnswer",
    "ExperimentRequest",
    "FiltersBody",
    "InterestPatch",
    "InterestsRequest",
    "ItemsBody",
    "ListAnswer",
    "ListRequest",
    "PatchBody",
    "SteerRequest",
    "TokenRequest",
    "UsersBody",
    "Wish",
]

_ID: Final = {"type": "string", "minLength": 1, "maxLength": 1000}
_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["user_id", "item_id"],
    "properties": {
        "event_id": _ID,
        "user_id": _ID,
        "item_id": _ID,
        "event": {"type": "string"},
        "value": {"type": "number"},
        "timestamp": {"anyOf": [{"type": "number"}, {"type": "string", "format": "date-time"}]},
        "text": {"type": "string"},
        "ranking_id": {"type": "string"},
        "dwell": {"type": "number", "minimum": 0},
    },
}
_EVENT_ROWS: Final[dict[str, Any]] = {
    "oneOf": [_EVENT, {"type": "array", "items": _EVENT, "maxItems": MOST}]
}

EVENTS: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _EVENT_ROWS},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}
"""The body of events, which is read row by row."""

Id = Annotated[str, Field(min_length=1, max_length=1000)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Wish = Annotated[str, Field(min_length=1, max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GivenEvent(_Strict):
    """An event of a request: somebody who is in no log."""

    item_id: Id
    event: str | None = Field(default=None, max_length=100)
    value: float | None = Field(default=None, allow_inf_nan=False)
    timestamp: int | None = Field(default=None, ge=0, le=100_000_000_000)
    dwell: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class FiltersBody(_Strict):
    """What items must have."""

    categories: list[str] = Field(default_factory=list, max_length=100)
    brand: str | None = None
    min_price: float | None = Field(default=None, allow_inf_nan=False)
    max_price: float | None = Field(default=None, allow_inf_nan=False)
    where: dict[str, list[str]] = Field(default_factory=dict, max_length=20)
    between: dict[str, tuple[Number | None, Number | None]] = Field(
        default_factory=dict, max_length=20
    )


class ListRequest(_Strict):
    """What a list is asked for."""

    user_id: Id | None = None
    events: list[GivenEvent] | None = Field(default=None, max_length=MOST)
    like: list[Wish] = Field(default_factory=list, max_length=20)
    not_like: list[Wish] = Field(default_factory=list, max_length=20)
    k: int = Field(default=10, ge=1, le=10_000)
    candidates: list[Id] | None = Field(default=None, min_length=1, max_length=100_000)
    filters: FiltersBody | None = None
    pins: list[Id] = Field(default_factory=list, max_length=1000)
    bans: list[Id] = Field(default_factory=list, max_length=100_000)
    caps: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict, max_length=20)
    include_seen: bool = False
    diversity: float = Field(default=0.0, ge=0, le=1)
    explore_share: float | None = Field(
        default=None, ge=0, le=1, description="null: what the service tries, else 0."
    )
    calibration: float = Field(default=0.0, ge=0, le=1)
    explain: bool = True


class SteerRequest(_Strict):
    """A sentence to steer by."""

    text: str = Field(min_length=1, max_length=1000)
    keep: bool = True


class SaidOfInterest(_Strict):
    """What a user says of one interest."""

    interest_id: Id
    action: Literal["pin", "mute", "set"]
    strength: float | None = Field(default=None, ge=0, le=1, description="Of what is set only.")


class InterestsRequest(_Strict):
    """All that a user says of single interests; whatever was said before is forgotten."""

    interests: list[SaidOfInterest] = Field(max_length=1000)


class InterestPatch(_Strict):
    """How an interest is shown; what is left out stays as it is."""

    name: str | None = Field(
        default=None, min_length=1, max_length=100, description="null: the model's."
    )
    merged_into: Id | None = Field(default=None, description="null: it stands for itself.")
    hidden: bool = False


class TokenRequest(_Strict):
    """What a token shall open, and for how long."""

    scopes: list[Literal["ingest", "read", "portrait"]] = Field(
        default=["read"], min_length=1, max_length=3
    )
    seconds: int = Field(default=900, ge=1, le=LONGEST)


Share = Annotated[float, Field(ge=0, le=1)]


class ArmBody(_Strict):
    """One kind of list; what is left out stays as it is asked for."""

    name: str = Field(min_length=1, max_length=100)
    share: float = Field(default=1.0, gt=0, le=1000)
    diversity: Share | None = None
    calibration: Share | None = None
    explore_share: Share | None = None
    model_id: Id | None = None


class ExperimentRequest(_Strict):
    """What an experiment compares, the first arm with the others, and when it stops."""

    name: str = Field(default="", max_length=200)
    arms: list[ArmBody] = Field(min_length=2, max_length=10)
    metric: Literal["take_up", "conversion", "value"] = "take_up"
    level: float = Field(default=0.95, ge=0.5, le=0.999)
    days: float = Field(default=7.0, gt=0, le=365)
    least_users: int = Field(default=500, ge=10, le=1_000_000)
    most_users: int = Field(default=100_000, ge=10, le=100_000_000)


class ListedItem(BaseModel):
    """An item of a list."""

    item_id: str
    title: str
    rank: int
    score: float
    lane: str
    cold: bool
    reason: str | None = None
    because_interests: list[str] | None = None
    because_items: list[str] | None = None


class ListAnswer(BaseModel):
    """A list; feedback names its ``ranking_id``."""

    ranking_id: str
    user_id: str | None
    model_id: str | None
    items: list[ListedItem]


class RowError(BaseModel):
    """What is wrong with a row."""

    index: int
    detail: str


class EventsAnswer(BaseModel):
    """What became of events; all that was accepted is durable."""

    accepted: int
    duplicates: int
    errors: list[RowError]


_ITEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["item_id"],
    "properties": {
        "item_id": _ID,
        "title": {"type": "string"},
        "description": {"type": "string"},
        "categories": {
            "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]
        },
        "brand": {"type": "string"},
        "price": {"type": "number"},
        "available": {"type": "boolean"},
    },
}
_USER: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["user_id"],
    "properties": {"user_id": _ID},
}


def _rows_of(schema: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {"oneOf": [schema, {"type": "array", "items": schema, "maxItems": MOST}]}
    content: dict[str, Any] = {"application/json": {"schema": rows}}
    content["application/x-ndjson"] = {"schema": {"type": "string"}}
    return {"requestBody": {"required": True, "content": content}}


ItemsBody: Final = _rows_of(_ITEM)
"""The body of items."""

UsersBody: Final = _rows_of(_USER)
"""The body of users."""

PatchBody: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
"""The body of a change to an item: fields, null to remove one."""
