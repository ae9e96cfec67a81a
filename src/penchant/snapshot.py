"""A fitted model as a directory: a manifest, arrays that are mapped into memory, tables.

    DIR/manifest.json          format, version, what the model knows of itself, and of each file
                               its size and SHA-256; sealed by a digest of its own
    DIR/arrays/NAME.npy        one array a file, mapped read-only when it is asked for
    DIR/tables/NAME.parquet    one table a file

Nothing here is ever executed: no pickle, no import by name.  A directory appears whole or not at
all, may be copied and mounted read-only, and is refused when a byte of it is missing or changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.errors import SnapshotError, UnavailableError, UsageError

__all__ = ["FORMAT", "Snapshot", "write_snapshot"]

FORMAT: Final = 5
"""Version of the directory's layout; another one is refused."""

_MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"(arrays|tables)/[\w\-][\w.\-]*")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checked model directory.

    Attributes:
        path: The directory.
        info: What was said of the model when it was written; JSON values.
        files: Size and hash by file name relative to *path*.
    """

    path: Path
    info: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Check the directory at *path*, every byte of it.

        Raises:
            UnavailableError: If there is no model at *path*.
            SnapshotError: If it is truncated, altered or of another format.
        """
        manifest = _read_manifest(path)
        for name, facts in manifest["files"].items():
            if not _NAME.fullmatch(name):
                raise SnapshotError(f"model {str(path)!r} names a file {name!r} it cannot have")
            _check_file(path / name, facts)
        return cls(path, manifest["info"], manifest["files"])

    def arrays(self, group: str) -> dict[str, np.ndarray[Any, Any]]:
        """Return the arrays of *group* by name, mapped read-only."""
        prefix = f"arrays/{group}."
        names = [name for name in self.files if name.startswith(prefix)]
        return {
            name.removeprefix(prefix).removesuffix(".npy"): _map(self.path / name) for name in names
        }

    def table(self, name: str) -> pl.DataFrame:
        """Return the table *name*.

        Raises:
            SnapshotError: If the model has no such table.
        """
        file = f"tables/{name}.parquet"
        if file not in self.files:
            raise SnapshotError(f"model {str(self.path)!r} has no table {name!r}")
        return pl.read_parquet(self.path / file)


def write_snapshot(
    path: Path,
    *,
    info: Mapping[str, Any],
    arrays: Mapping[str, Mapping[str, np.ndarray[Any, Any]]],
    tables: Mapping[str, pl.DataFrame],
) -> None:
    """Write a model directory, whole or not at all; a model that is there is replaced.

    Args:
        path: Where it shall be; its parent folder is made where missing.
        info: JSON values that describe the model.
        arrays: Arrays by group and name; no objects.
        tables: Tables by name.

    Raises:
        UsageError: If something other than a model is at *path*.
    """
    _check_replaceable(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        _write_files(draft, arrays=arrays, tables=tables)
        _write_manifest(draft, info)
        draft.chmod(0o755)  # mkdtemp makes folders that only their maker may read
        _put_in_place(draft, path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _check_replaceable(path: Path) -> None:
    if path.is_dir():
        if any(path.iterdir()) and not (path / _MANIFEST).is_file():
            raise UsageError(
                f"folder {str(path)!r} holds files but no model; it is not overwritten",
                hint="Name a new folder, or empty this one.",
            )
    elif path.exists():
        raise UsageError(f"{str(path)!r} is a file, not a folder for a model")


def _write_files(
    draft: Path,
    *,
    arrays: Mapping[str, Mapping[str, np.ndarray[Any, Any]]],
    tables: Mapping[str, pl.DataFrame],
) -> None:
    (draft / "arrays").mkdir()
    (draft / "tables").mkdir()
    for group, members in arrays.items():
        for name, array in members.items():
            np.save(draft / "arrays" / f"{group}.{name}.npy", array, allow_pickle=False)
    for name, table in tables.items():
        table.write_parquet(draft / "tables" / f"{name}.parquet")


def _write_manifest(draft: Path, info: Mapping[str, Any]) -> None:
    names = sorted(str(p.relative_to(draft).as_posix()) for p in draft.rglob("*") if p.is_file())
    files = {
        name: {"bytes": (draft / name).stat().st_size, "sha256": _hash(draft / name)}
        for name in names
    }
    body = {"format": FORMAT, "info": dict(info), "files": files}
    sealed = {**body, "digest": _seal(body)}
    with (draft / _MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(sealed, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(draft: Path, path: Path) -> None:
    if not path.exists():
        draft.rename(path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.old.", dir=path.parent))
    path.rename(old)
    try:
        draft.rename(path)
    except BaseException:
        old.rename(path)
        raise
    shutil.rmtree(old)


def _read_manifest(path: Path) -> dict[str, Any]:
    file = path / _MANIFEST
    if not file.is_file():
        raise UnavailableError(
            f"there is no model at {str(path)!r}", hint="Make one with `penchant fit`."
        )
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        seal = manifest.pop("digest")
        known = manifest["format"]
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise SnapshotError(f"model manifest {str(file)!r} is damaged: {error!r}") from error
    if known != FORMAT:
        raise SnapshotError(
            f"model {str(path)!r} has format {known!r}, this release reads {FORMAT}",
            hint="Fit it again, or install the release that wrote it.",
        )
    if seal != _seal(manifest):
        raise SnapshotError(f"model manifest {str(file)!r} was altered")
    return dict(manifest)


def _check_file(file: Path, facts: Mapping[str, Any]) -> None:
    if not file.is_file():
        raise SnapshotError(f"model file {str(file)!r} is missing")
    size = file.stat().st_size
    if size != facts["bytes"]:
        raise SnapshotError(f"model file {str(file)!r} has {size} bytes, not {facts['bytes']}")
    if _hash(file) != facts["sha256"]:
        raise SnapshotError(f"model file {str(file)!r} was altered")


def _map(file: Path) -> np.ndarray[Any, Any]:
    try:
        array: np.ndarray[Any, Any] = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise SnapshotError(f"model file {str(file)!r} is no plain array") from error
    return array.view(np.ndarray)  # a memmap looks after itself at each of its slices


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _seal(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
