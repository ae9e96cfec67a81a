"""Encoders from ONNX files, run by ``onnxruntime`` on processors: extra ``onnx``.

    text ─▶ prefix + text ─▶ tokenizer.json ─▶ model.onnx ─▶ pooling ─▶ length 1

A file that gives sentence vectors is taken at its word; of one that gives tokens' vectors these are
pooled as the folder says (`penchant.llm.folders`).  Models in eight bits whose scales are those of
a whole batch would make a text's vector depend on its neighbours: whether that is so is tried once
when the model loads, and such a model reads text by text.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from penchant.errors import ModelError, UnavailableError
from penchant.llm.base import Role
from penchant.llm.folders import Recipe, model_folder, need, recipe_of
from penchant.llm.onnx_model import OnnxModel
from penchant.llm.vectors import Prefixes, readable
from penchant.types import Floats

__all__ = ["OnnxEncoder"]

_FILES: Final = ("onnx/model.onnx", "model.onnx")
_WANTED: Final = ("*.json", *_FILES, *(f"{file}_data" for file in _FILES))
_CHUNK: Final = 2**20


class OnnxEncoder:
    """A model in ONNX with its ``tokenizer.json``.  Loads at the first text.

    Args:
        model: A folder, a ``.onnx`` file in one, or a hub's ``OWNER/NAME[@REVISION]``.
        prefixes: What stands before texts; what is not set here the folder says.

    Raises:
        UnavailableError: If the extra is not installed.
    """

    def __init__(self, model: str, *, prefixes: Prefixes | None = None) -> None:
        need("onnxruntime", extra="onnx")
        need("tokenizers", extra="onnx")
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
        return f"onnx {self._folder.name} {self._digest}"

    @property
    def dim(self) -> int:
        """Length of a vector.

        Raises:
            UnavailableError: If there is no such model.
            ModelError: If it cannot be loaded.
        """
        return self._model.dim

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``.

        Raises:
            UnavailableError: If there is no such model.
            ModelError: If it cannot be loaded or breaks.
        """
        prefix = self._prefix[role]
        with self._lock:
            return self._model.vectors([prefix + text for text in readable(texts)])

    @cached_property
    def _file(self) -> Path:
        given = Path(self._asked).expanduser()
        if given.suffix == ".onnx":
            if not given.is_file():
                raise UnavailableError(f"there is no model file {self._asked!r}")
            return given
        folder = model_folder(self._asked, wanted=_WANTED, has=_has_model)
        for name in _FILES:
            if (folder / name).is_file():
                return folder / name
        raise UnavailableError(f"model {self._asked!r} has neither {' nor '.join(_FILES)}")

    @cached_property
    def _folder(self) -> Path:
        """Where the files beside the model are."""
        near = self._file.parent
        for folder in (near, near.parent):
            if (folder / "tokenizer.json").is_file():
                return folder
        raise UnavailableError(f"model {self._asked!r} has no tokenizer.json")

    @cached_property
    def _recipe(self) -> Recipe:
        return recipe_of(self._folder)

    @cached_property
    def _prefix(self) -> dict[Role, str]:
        return dict(self._prefixes.over(self._recipe.prefix))

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.blake2b(repr((self._recipe, self._prefix)).encode(), digest_size=12)
        data = sorted(self._file.parent.glob(f"{self._file.name}?data*"))
        for path in (self._folder / "tokenizer.json", self._file, *data):
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        return digest.hexdigest()

    @cached_property
    def _model(self) -> OnnxModel:
        if not self._recipe.whole and any(self._prefix.values()):
            raise ModelError(f"model {self._asked!r} leaves prefixes out of its vectors: not read")
        return OnnxModel(self._file, self._folder, self._recipe)


def _has_model(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _FILES)
