"""Encoders through ``sentence-transformers``: extra of that name, which brings torch.

The folder is looked at before anything is loaded: weights must be safetensors, and every step must
be one of sentence-transformers' own, so that loading a model runs no code of it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from penchant.errors import ModelError, UnavailableError
from penchant.llm.base import Role
from penchant.llm.folders import model_folder, need, recipe_of, step_types
from penchant.llm.vectors import Prefixes, checked, readable
from penchant.types import Floats

__all__ = ["SentenceEncoder"]

EXTRA: Final = "sentence-transformers"
_MODULE: Final = "sentence_transformers"
_WANTED: Final = ("*.json", "*.txt", "*.model", "*.safetensors")
_PICKLES: Final = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")
_IGNORED: Final = frozenset({"training_args.bin", "optimizer.pt", "scheduler.pt"})
"""Left behind by training; nothing loads them."""

_CHUNK: Final = 2**20
_TOGETHER: Final = 32


class SentenceEncoder:
    """A model of sentence-transformers.  Loads at the first text.

    Args:
        model: A folder, or a hub's ``OWNER/NAME[@REVISION]``.
        prefixes: What stands before texts; what is not set here the folder says.

    Raises:
        UnavailableError: If the extra is not installed.
    """

    def __init__(self, model: str, *, prefixes: Prefixes | None = None) -> None:
        need(_MODULE, extra=EXTRA)
        self._asked = model
        self._prefixes = prefixes or Prefixes()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What the folder is called, and a digest of everything in it that decides vectors.

        Raises:
            UnavailableError: If there is no such model.
            ModelError: If its files cannot be read.
        """
        return f"{EXTRA} {self._folder.name} {self._digest}"

    @cached_property
    def dim(self) -> int:
        """Length of a vector.

        Raises:
            UnavailableError: If there is no such model.
            ModelError: If it cannot be loaded.
        """
        return len(self._vectors(["a text"])[0])

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``.

        Raises:
            UnavailableError: If there is no such model.
            ModelError: If it cannot be loaded or breaks.
        """
        if not texts:
            return np.empty((0, self.dim), np.float32)
        prefix = self._prefix[role]
        return self._vectors([prefix + text for text in readable(texts)])

    def _vectors(self, texts: list[str]) -> Floats:
        with self._lock:
            try:
                found = self._model.encode(
                    texts,
                    prompt="",
                    batch_size=_TOGETHER,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
                return checked(found, count=len(texts), dim=None)
            except ModelError:
                raise
            except Exception as error:
                raise ModelError(f"model {self._folder.name} failed: {error}") from error

    @cached_property
    def _folder(self) -> Path:
        folder = model_folder(self._asked, wanted=_WANTED, has=_has_weights)
        if not _has_weights(folder):
            raise UnavailableError(
                f"model {self._asked!r} has no weights as safetensors; others are not loaded"
            )
        return folder

    @cached_property
    def _prefix(self) -> dict[Role, str]:
        return dict(self._prefixes.over(recipe_of(self._folder).prefix))

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.blake2b(repr(self._prefix).encode(), digest_size=12)
        for path in sorted(p for kind in _WANTED for p in self._folder.rglob(kind)):
            digest.update(str(path.relative_to(self._folder)).encode())
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        return digest.hexdigest()

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401  a SentenceTransformer
        _check_safe(self._folder)
        try:
            return import_module(_MODULE).SentenceTransformer(
                str(self._folder),
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:
            raise ModelError(f"model {self._asked!r} cannot be loaded: {error}") from error


def _has_weights(folder: Path) -> bool:
    return any(folder.rglob("*.safetensors"))


def _check_safe(folder: Path) -> None:
    """Refuse a folder whose loading might run what it holds."""
    for kind in step_types(folder):
        if not kind.startswith(f"{_MODULE}."):
            raise ModelError(f"model {folder.name} has the step {kind!r}: code of strangers")
    for path in (p for kind in _PICKLES for p in folder.rglob(kind)):
        if path.name not in _IGNORED and not any(path.parent.glob("*.safetensors")):
            raise ModelError(
                f"model {folder.name} keeps {path.name} as a pickle, which may hold code",
                hint="Save it as safetensors.",
            )
