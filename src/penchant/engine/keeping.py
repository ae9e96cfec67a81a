"""A fitted model to a directory and back; nothing that a snapshot keeps is ever run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from penchant.config import Settings
from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted, explorer_of, hybrid_of
from penchant.errors import ConfigError, SnapshotError
from penchant.interests.facets import Facets
from penchant.interests.portraits import PortraitModel
from penchant.interests.taxonomy import Taxonomy
from penchant.llm.base import Encoder
from penchant.llm.space import TextSpace
from penchant.rank.again import Again
from penchant.rank.wishes import Wishes
from penchant.snapshot import Snapshot, write_snapshot
from penchant.text.packing import pack_strings, unpack_strings
from penchant.types import Columns, Vocabulary

__all__ = ["open_model", "save_model"]

_HISTORIES = ("indptr", "item", "weight", "timestamp", "half_life", "kind")


def save_model(fitted: Fitted, path: Path, *, version: str) -> None:
    """Write *fitted* to the directory *path*, whole or not at all.

    Raises:
        UsageError: If something other than a model is there.
    """
    info = {
        "version": version,
        "settings": fitted.settings.to_dict(),
        "encoder": fitted.space.encoder.name,
        "goal": fitted.portraits.goal,
        "has_time": fitted.has_time,
        "span": fitted.span,
        "now": fitted.histories.now,
        "kinds": fitted.histories.kinds,
        "choice": fitted.hybrid.choice,
        "quality": fitted.hybrid.quality,
        "again": {"choice": fitted.again.choice, "quality": fitted.again.quality},
        "explore": {"choice": fitted.explorer.choice, "quality": fitted.explorer.quality},
        "summary": dict(fitted.summary),
        "lasting": dict(fitted.lasting),
    }
    histories = fitted.histories
    arrays = {
        "users": {"ids": pack_strings(fitted.users)},
        "histories": {name: getattr(histories, name) for name in _HISTORIES},
        "space": fitted.space.state(),
        "taxonomy": fitted.taxonomy.state(),
        "V": {name: getattr(fitted.V, name) for name in ("data", "indices", "indptr")},
        "facets": fitted.facets.state(),
        "wishes": fitted.wishes.state(),
        "again": fitted.again.state(),
        **{f"scorer-{name}": state for name, state in fitted.hybrid.state().items()},
        **{f"explore-{name}": state for name, state in fitted.explorer.state().items()},
    }
    tables = {"items": fitted.item_table, "interests": fitted.taxonomy.table}
    write_snapshot(path, info=info, arrays=arrays, tables=tables)


def open_model(path: Path, *, encoder: Callable[[Settings, str, int], Encoder | None]) -> Fitted:
    """Read the model directory *path*.

    Args:
        path: What `save_model` wrote.
        encoder: Returns what reads texts, for the model's settings, the encoder's name in the fit
            and the length of its vectors.

    Raises:
        UnavailableError: If there is no model.
        SnapshotError: If it is damaged or of another make.
    """
    snapshot = Snapshot.open(path)
    try:
        return _restored(snapshot, encoder)
    except (KeyError, IndexError, ConfigError, pl.exceptions.PolarsError) as error:
        raise SnapshotError(f"model {str(path)!r} lacks or garbles {error}") from error


def _restored(
    snapshot: Snapshot, encoder: Callable[[Settings, str, int], Encoder | None]
) -> Fitted:
    info = snapshot.info
    settings = _settings(info["settings"])
    table = snapshot.table("items")
    items = Vocabulary.of(table[Columns.ITEM].to_list())
    arrays = snapshot.arrays("space")
    reader = encoder(settings, info.get("encoder", ""), arrays["vectors"].shape[1])
    space = TextSpace.restore(arrays, encoder=reader)
    taxonomy = Taxonomy.restore(snapshot.arrays("taxonomy"), snapshot.table("interests"))
    parts = snapshot.arrays("V")
    shape = (len(items), len(taxonomy.leaf_ids))
    V = sparse.csr_array((parts["data"], parts["indices"], parts["indptr"]), shape=shape)
    portraits = PortraitModel(V, horizon=settings.horizon, goal=info["goal"])
    hybrid = hybrid_of(settings, space, portraits, V)
    names = ("hybrid", *(scorer.name for scorer in hybrid.scorers))
    hybrid.restore({name: snapshot.arrays(f"scorer-{name}") for name in names})
    hybrid.choice, hybrid.quality = info["choice"], dict(info["quality"])
    again = Again(hybrid, **info["again"]).restore(snapshot.arrays("again"))
    explorer = explorer_of(taxonomy, portraits)
    names = ("fusion", *(scorer.name for scorer in explorer.scorers))
    explorer.restore({name: snapshot.arrays(f"explore-{name}") for name in names})
    explorer.choice = info["explore"]["choice"]
    explorer.quality = dict(info["explore"]["quality"])
    histories = snapshot.arrays("histories")
    return Fitted(
        settings=settings,
        users=Vocabulary.of(unpack_strings(np.asarray(snapshot.arrays("users")["ids"]))),
        items=items,
        item_table=table,
        histories=Histories(
            **histories, now=info["now"], n_items=len(items), kinds=tuple(info["kinds"])
        ),
        has_time=info["has_time"],
        span=info["span"],
        space=space,
        taxonomy=taxonomy,
        V=V,
        portraits=portraits,
        facets=Facets.restore(snapshot.arrays("facets")),
        hybrid=hybrid,
        again=again,
        wishes=Wishes.restore(snapshot.arrays("wishes"), space=space),
        explorer=explorer,
        summary=info["summary"],
        lasting=info.get("lasting", {}),
    )


def _settings(values: Mapping[str, Any]) -> Settings:
    names = {field.name for field in dataclasses.fields(Settings)}
    unknown = sorted(set(values) - names)
    if unknown:
        raise ConfigError(f"setting {unknown[0]!r}")
    return Settings(**values)
