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
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from penchant.errors import ModelError, UnavailableError
from penchant.llm.base import Role
from penchant.llm.folders import Recipe, model_folder, need, recipe_of
from penchant.llm.vectors import Prefixes, checked, readable
from penchant.types import Floats

__all__ = ["OnnxEncoder"]

_FILES: Final = ("onnx/model.onnx", "model.onnx")
_WANTED: Final = ("*.json", *_FILES, *(f"{file}_data" for file in _FILES))
_TOGETHER: Final = 16
"""Texts of about one length that go through the model together."""

_APART: Final = 1e-4
"""By which a vector may differ from that of the same text among others: rounding."""

_TRIED: Final = ("tea", "seven much longer boots, 42 cm high, for walks in the hills")
_CHUNK: Final = 2**20
_INTEGERS: Final = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_TOKENS: Final = ("last_hidden_state", "token_embeddings")

_Matrix = npt.NDArray[np.integer]


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
        return f"onnx {self._file.parent.name} {self._digest}"

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
    def _model(self) -> _Model:
        if not self._recipe.whole and any(self._prefix.values()):
            raise ModelError(f"model {self._asked!r} leaves prefixes out of its vectors: not read")
        return _Model(self._file, self._folder, self._recipe)


def _has_model(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _FILES)


class _Model:
    """A session, its tokenizer, and how the outcome is pooled."""

    def __init__(self, file: Path, folder: Path, recipe: Recipe) -> None:
        self._name, self._recipe = file.name, recipe
        runtime: Any = import_module("onnxruntime")
        runtime.disable_telemetry_events()
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        # Waiting threads that spin take the core from whatever else runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = runtime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = import_module("tokenizers").Tokenizer.from_file(
                str(folder / "tokenizer.json")
            )
        except Exception as error:
            raise ModelError(f"model {str(file)!r} cannot be loaded: {error}") from error
        self._fill = _padding(self._tokenizer, recipe)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(recipe.longest)
        self._inputs = self._known_inputs()
        self._output, self._pools = self._known_output()
        self._together = _TOGETHER
        tried = self.vectors(_TRIED)
        self.dim: int = tried.shape[1]
        alone = np.concatenate([self.vectors([text]) for text in _TRIED])
        if np.abs(tried - alone).max() > _APART:
            self._together = 1

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        read = [(code.ids, code.type_ids) for code in self._tokenizer.encode_batch(list(texts))]
        order = np.argsort([len(ids) for ids, _ in read], kind="stable")
        parts = [
            self._run([read[row] for row in order[start : start + self._together]])
            for start in range(0, len(order), self._together)
        ]
        vectors = np.concatenate(parts)
        placed = np.empty_like(vectors)
        placed[order] = vectors
        return placed

    def _run(self, read: Sequence[tuple[list[int], list[int]]]) -> Floats:
        width = max([1, *(len(ids) for ids, _ in read)])
        given: dict[str, _Matrix] = {
            "input_ids": np.full((len(read), width), self._fill),
            "attention_mask": np.zeros((len(read), width), np.int64),
            "token_type_ids": np.zeros((len(read), width), np.int64),
        }
        for row, (ids, types) in enumerate(read):
            given["input_ids"][row, : len(ids)] = ids
            given["token_type_ids"][row, : len(ids)] = types
            given["attention_mask"][row, : max(len(ids), 1)] = 1
        feed: dict[str, _Matrix] = {
            name: given[name].astype(kind) for name, kind in self._inputs.items()
        }
        try:
            (found,) = self._session.run([self._output], feed)
            if self._pools:
                found = _pooled(found, given["attention_mask"], self._recipe.pooling)
            return checked(found, count=len(read), dim=None)
        except Exception as error:
            raise ModelError(f"model {self._name} failed: {error}") from error

    def _known_inputs(self) -> dict[str, type]:
        known = ("input_ids", "attention_mask", "token_type_ids")
        inputs = {one.name: _INTEGERS.get(one.type) for one in self._session.get_inputs()}
        for name, kind in inputs.items():
            if name not in known or kind is None:
                raise ModelError(
                    f"model {self._name} wants the input {name!r}: no encoder of texts"
                )
        return {name: kind for name, kind in inputs.items() if kind is not None}

    def _known_output(self) -> tuple[str, bool]:
        """Return what is read of the model, and whether it is to be pooled."""
        ranks = {one.name: len(one.shape) for one in self._session.get_outputs()}
        for name in ("sentence_embedding", *_TOKENS):
            if name in ranks:
                return self._pooling(name, ranks[name])
        name = next((n for n, rank in ranks.items() if rank == _OF_TOKENS), next(iter(ranks)))
        return self._pooling(name, ranks[name])

    def _pooling(self, name: str, rank: int) -> tuple[str, bool]:
        if rank != _OF_TOKENS:
            return name, False
        if self._recipe.others:
            raise ModelError(
                f"model {self._name} goes on after pooling ({', '.join(self._recipe.others)}), "
                "and its file does not hold that step",
                hint="Export it whole, so that it gives sentence_embedding.",
            )
        if self._recipe.pooling not in _POOLINGS:
            raise ModelError(
                f"model {self._name} pools by {self._recipe.pooling!r}, which is not known here",
                hint=f"Known: {', '.join(_POOLINGS)}; or export it whole.",
            )
        return name, True


_OF_TOKENS: Final = 3
"""Axes of an output with a vector a token."""

_POOLINGS: Final = ("mean", "cls", "lasttoken")


def _pooled(tokens: Floats, mask: _Matrix, pooling: str) -> Floats:
    """Return ``(n, dim)`` of the vectors of *tokens*, ``(n, width, dim)``, where *mask* is 1."""
    weights = mask.astype(np.float32)
    if pooling == "cls":
        weights = np.eye(1, mask.shape[1], dtype=np.float32).repeat(len(mask), axis=0)
    elif pooling == "lasttoken":
        weights = np.eye(mask.shape[1], dtype=np.float32)[mask.sum(axis=1) - 1]
    # What fills up may be no number at all: it is left out, not multiplied by 0.
    counted = np.where(weights[:, :, None] > 0, tokens, 0)
    mean: Floats = counted.sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return mean


def _padding(tokenizer: Any, recipe: Recipe) -> int:  # noqa: ANN401  a tokenizers.Tokenizer
    """Return the token that fills up: some models tell places by it."""
    known = tokenizer.padding
    if known:
        return int(known["pad_id"])
    found = tokenizer.token_to_id(recipe.padding) if recipe.padding else None
    return 0 if found is None else int(found)
