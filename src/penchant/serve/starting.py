"""A service that starts from a model: the directory is taken over, by name of its content."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from penchant.snapshot import Snapshot
from penchant.store.base import Model
from penchant.store.sql import Store

__all__ = ["copy_model", "start_from"]


def start_from(store: Store, path: Path, *, folder: Path, now: int) -> Model:
    """Let the model at *path* serve, unless the store knows it already, and return it.

    Its histories are what the service knows of users from before its first event.

    Args:
        store: Of the service.
        path: A model directory.
        folder: Where the service keeps its models.
        now: UTC seconds.

    Raises:
        UnavailableError: If there is no model.
        SnapshotError: If it is damaged.
    """
    Snapshot.open(path)
    name = _name(path)
    known = next((model for model in store.models.all() if model.model_id == name), None)
    if known is not None:
        return known
    kept = copy_model(path, folder / name)
    model = Model(
        model_id=name,
        at=now,
        path=str(kept),
        watermark=0,
        status="serving",
        reason="the service was started from it",
        facts={"base": True},
    )
    store.models.add(model)
    return model


def copy_model(path: Path, place: Path) -> Path:
    """Copy the model at *path* to *place*, whole or not at all; files are linked where possible."""
    if place.exists():
        return place.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        shutil.copytree(path, draft, dirs_exist_ok=True, copy_function=_link_or_copy)
        draft.chmod(0o755)
        draft.rename(place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return place.resolve()


def _name(path: Path) -> str:
    manifest = (path / "manifest.json").read_bytes()
    return "m" + hashlib.sha256(manifest).hexdigest()[:12]


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
