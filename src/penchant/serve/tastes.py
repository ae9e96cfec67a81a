"""What a user may take up next and steers by, what an interest holds, and how it is shown.

A sentence is read by the grammar and the encoder, never by a generator: nobody waits for one.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from penchant.engine.edits import Edit, checked
from penchant.engine.fitted import Fitted
from penchant.errors import UnknownIdError, UsageError
from penchant.rank.leanings import Leaning
from penchant.serve.service import Service
from penchant.serve.steering import added, leaning, leanings_of, without
from penchant.store.base import Said, key_of
from penchant.types import Columns, top_k

__all__ = ["edit", "explore", "items_of", "lean", "leanings_for", "leave_out", "steer"]


def explore(service: Service, user: str, *, m: int) -> dict[str, Any]:
    """Return the interests that *user* may take up next, up to the last event.

    Raises:
        UnavailableError: Without a model.
        UnknownIdError: If nothing is known of the user.
    """
    model, live, history = service.history(user)
    said = leanings_of(service.store.people.steering(user))
    rows = live.explore(user, history, m=m, said=said)
    return {"user_id": user, "model_id": model.model_id, "interests": rows}


def steer(service: Service, user: str, text: str, *, keep: bool) -> dict[str, Any]:
    """Read a sentence; from then on, if it shall be kept, it moves the lists of *user*.

    Raises:
        UnavailableError: Without a model.
        UsageError: If the sentence is empty.
    """
    understood = service.fitted.steerer.read(text)
    answer = {"user_id": user, "kept": keep, **understood.to_dict()}
    if not keep:
        return answer
    steering_id = uuid.uuid4().hex
    service.store.people.steer(user, lambda said: added(said, understood, steering_id=steering_id))
    return answer | {"steering_id": steering_id}


def leave_out(service: Service, user: str, steering_id: str | None) -> dict[str, Any]:
    """Undo one sentence that *user* steered by, or all of them.

    Raises:
        UnknownIdError: If there is none of that id.
    """
    gone = 0

    def leave(said: Said) -> Said:
        nonlocal gone
        rest = without(said, steering_id)
        gone = len(said) - len(rest)
        return rest

    service.store.people.steer(user, leave)
    return {"user_id": user, "left_out": gone}


def lean(service: Service, user: str, leanings: Sequence[Leaning]) -> dict[str, Any]:
    """Let *leanings* be all that *user* says of single interests, from the next answer on.

    Raises:
        UnavailableError: Without a model.
        UnknownIdError: If there is no such interest.
        UsageError: If something is said twice of one.
    """
    known = set(service.fitted.taxonomy.table[Columns.INTEREST].to_list())
    times = Counter(one.interest_id for one in leanings)
    for interest, count in times.items():
        if interest not in known:
            raise UnknownIdError(f"interest {interest!r} is not known")
        if count > 1:
            raise UsageError(f"interest {interest!r} is named {count} times; say one thing of it")
    service.store.people.steer(user, lambda said: leaning(said, leanings))
    return leanings_for(service, user)


def leanings_for(service: Service, user: str) -> dict[str, Any]:
    """Return what *user* says of single interests; nothing of somebody unknown."""
    said = leanings_of(service.store.people.steering(user))
    return {"user_id": user, "interests": [one.to_dict() for one in said]}


def items_of(service: Service, interest: str, *, n: int) -> dict[str, Any]:
    """Return the items that show an interest, or one below it, most; those that may be listed.

    Items that came after the fit show what the known items show that stand in for them.

    Raises:
        UnavailableError: Without a model.
        UnknownIdError: If there is no such interest.
    """
    live = service.live
    fitted = live.fitted
    known = _strength(fitted, interest)
    new = [one for one in live.newcomers.values() if one.available]
    strength = np.append(
        np.where(fitted.listable, known, -np.inf),
        [float(known[one.rows] @ one.shares) for one in new],
    )
    strength[strength <= 0] = -np.inf
    best = top_k(strength, n)
    ids = [*fitted.items.ids, *(one.item_id for one in new)]
    listed = [ids[row] for row in best]
    rows = zip(listed, live.titles(listed), strength[best].tolist(), strict=True)
    return {
        Columns.INTEREST: interest,
        "items": [
            {Columns.ITEM: item, Columns.TITLE: title, "strength": value}
            for item, title, value in rows
        ],
    }


def edit(
    service: Service, interest: str, changes: Mapping[str, Any], *, actor: str
) -> dict[str, Any]:
    """Rename, merge or hide an interest, for every answer from now on, and note who did.

    Raises:
        UnavailableError: Without a model.
        UnknownIdError: If there is no such interest.
        UsageError: If a name is none.
        ConflictError: If another has the name, or the merger makes no sense.
    """
    table = service.found.taxonomy.table

    def change(said: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
        edits = {one: Edit.from_dict(kept) for one, kept in said.items()}
        return checked(table, edits, interest, changes).to_dict()

    kept = service.store.interests.edit(interest, change)
    service.store.audit.note(
        at=int(service.clock()),
        actor=actor,
        action="interest",
        subject=key_of(interest),
        detail=json.dumps({Columns.INTEREST: interest, **changes}),
    )
    return {Columns.INTEREST: interest, **kept}


def _strength(fitted: Fitted, interest: str) -> np.ndarray[Any, Any]:
    """Return how much each item is about an interest, ``(n_items,)``."""
    tree = fitted.tree
    leaves = zip(tree.leaf_ids, tree.shown_as, tree.parents, strict=True)
    columns = [column for column, ids in enumerate(leaves) if interest in ids]
    if not columns or not interest:
        raise UnknownIdError(f"interest {interest!r} is not known")
    return np.asarray(fitted.V[:, columns].max(axis=1).toarray(), np.float64).ravel()
