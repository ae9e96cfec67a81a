"""Where results go: a file or folder that appears whole or not at all, or standard output.

``--out`` names a file by its ending: ``.parquet``, ``.csv`` (lists joined by ``|``) or ``.jsonl``.
Without it a terminal gets a table that fits 100 columns, and a pipe gets JSON Lines.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from penchant.errors import UnavailableError, UsageError
from penchant.serve.tables import show

__all__ = ["TABLES", "check_target", "deliver", "new_folder", "write_table", "write_whole"]


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path)


def _csv(frame: pl.DataFrame, path: Path) -> None:
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame.with_columns(pl.col(lists).cast(pl.List(pl.String)).list.join("|")).write_csv(path)


def _jsonl(frame: pl.DataFrame, path: Path) -> None:
    frame.write_ndjson(path)


TABLES: Final[Mapping[str, Callable[[pl.DataFrame, Path], None]]] = MappingProxyType(
    {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}
)
"""How a table is written, by the ending of its file."""


def check_target(path: Path | None, *, endings: tuple[str, ...] = tuple(TABLES)) -> None:
    """Refuse a target that could not be written, before any work starts.

    Args:
        path: The file to write; None is standard output and always right.
        endings: Endings that are understood, with their dot.

    Raises:
        UsageError: If *path* ends otherwise, is a folder, or lies in a folder that is not there.
    """
    if path is None:
        return
    if path.suffix.lower() not in endings:
        raise UsageError(
            f"cannot tell the format of {str(path)!r} from its ending",
            hint=f"Name a file that ends in {' or '.join(endings)}.",
        )
    if path.is_dir():
        raise UsageError(f"{str(path)!r} is a folder", hint="Name a file.")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", hint="Make it first.")


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let *write* fill a file beside *path* and put it in its place when it is complete.

    Args:
        path: The target; what was there before stays until the new file is complete.
        write: Is given the path of the file to fill.

    Raises:
        UnavailableError: If the file system refuses (no room, no permission).
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(beside)
        beside.replace(path)
    except OSError as error:
        raise UnavailableError(f"cannot write {str(path)!r}: {error}") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def new_folder(folder: Path, *, what: str) -> Iterator[Path]:
    """Yield an empty folder beside *folder* that takes its place when all went well.

    Args:
        folder: Is not there yet; its parents are made where missing.
        what: It shall hold, for errors.

    Raises:
        UsageError: If *folder* is there.
        UnavailableError: If the file system refuses, meanwhile too.
    """
    if folder.exists():
        raise UsageError(f"{str(folder)!r} is there already", hint="Name a new folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield draft
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise UnavailableError(f"no {what} at {str(folder)!r}: {error}") from error


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write *frame* in the format that the ending of *path* names, whole or not at all.

    Raises:
        UsageError: If the ending is none of `TABLES`.
        UnavailableError: If the file system refuses.
    """
    check_target(path)
    write_whole(path, lambda beside: TABLES[path.suffix.lower()](frame, beside))


def deliver(
    frame: pl.DataFrame, out: Path | None, *, shown: Callable[[], pl.DataFrame] | None = None
) -> None:
    """Bring the result of a command to whoever asked.

    Args:
        frame: The result, with the columns of its contract.
        out: A file, or None for standard output.
        shown: Makes the form of the result that people read on a terminal; None: *frame*.
    """
    if out is not None:
        write_table(frame, out)
    elif sys.stdout.isatty():
        show(frame if shown is None else shown())
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(frame.write_ndjson().encode())
        sys.stdout.buffer.flush()
