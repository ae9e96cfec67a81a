"""A model in ONNX on processors: tokens in, one vector a text out."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from penchant.errors import ModelError
from penchant.llm.folders import Recipe
from penchant.llm.vectors import checked
from penchant.types import Floats

__all__ = ["OnnxModel"]

_TOGETHER: Final = 16
"""Texts of about one length that go through the model together."""

_APART: Final = 1e-4
"""By which a vector may differ from that of the same text among others: rounding."""

_TRIED: Final = ("tea", "seven much longer boots, 42 cm high, for walks in the hills")

_INTEGERS: Final = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}

_TOKENS: Final = ("last_hidden_state", "token_embeddings")

_Matrix = npt.NDArray[np.integer]


class OnnxModel:
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
