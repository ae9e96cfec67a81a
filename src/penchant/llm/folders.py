"""Folders of models as sentence-transformers and the hub keep them: found, and read without code.

    FOLDER/modules.json                      what follows what: Transformer, Pooling, Normalize
           1_Pooling/config.json             how tokens become one vector
           sentence_bert_config.json         tokens read at most
           config_sentence_transformers.json what stands before queries and documents
           tokenizer_config.json, config.json

A folder is never asked for code: only JSON is read here, and of a hub's folder only what is wanted
by pattern comes over the network, weights as safetensors or ONNX.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from penchant.errors import ModelError, UnavailableError
from penchant.llm.base import Role

__all__ = ["Recipe", "model_folder", "need", "recipe_of", "step_types"]

_ID: Final = re.compile(r"([\w.-]+/[\w.-]+)(?:@([\w./-]+))?")
_TOKENS: Final = 512
"""Tokens that a model reads where its folder does not say."""

_SPECIAL: Final = 2
"""Places that some models keep of ``max_position_embeddings``."""

_UNBOUNDED: Final = 100_000
"""A longest text of more tokens than this means that nobody said."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model makes a vector of a text.

    Attributes:
        pooling: ``mean``, ``cls``, ``lasttoken``, or what else the folder says.
        longest: Tokens that are read.
        prefix: What stands before a text, by role.
        others: Steps after pooling that are more than a change of length.
        whole: Whether a prefix's tokens are pooled as well.
        padding: The token that fills up, where the folder says.
    """

    pooling: str
    longest: int
    prefix: Mapping[Role, str]
    others: tuple[str, ...]
    whole: bool
    padding: str | None


def need(module: str, *, extra: str) -> None:
    """Refuse to go on without a package.

    Args:
        module: That is imported.
        extra: Of Penchant that installs it.

    Raises:
        UnavailableError: If it is not installed.
    """
    if find_spec(module) is None:
        raise UnavailableError(
            f"encoder '{extra}' needs the package {module.replace('_', '-')}",
            hint=f"pip install 'penchant[{extra}]'",
        )


def model_folder(name: str, *, wanted: Sequence[str], has: Callable[[Path], bool]) -> Path:
    """Return the folder of a model: a path on this machine, else a hub's ``OWNER/NAME[@REVISION]``.

    What the hub's cache holds is used as it is, without asking the hub for news.

    Args:
        name: Path or id.
        wanted: Patterns of what is fetched from a hub.
        has: Tells whether a folder holds what is needed.

    Raises:
        UnavailableError: If it is neither, or the hub cannot be reached or does not have it.
    """
    path = Path(name).expanduser()
    if path.exists():
        return path
    found = _ID.fullmatch(name)
    if found is None or name[0] in "./~":
        raise UnavailableError(f"there is no model folder {name!r} on this machine")
    need("huggingface_hub", extra="onnx")
    hub = import_module("huggingface_hub")
    asked: dict[str, Any] = {
        "repo_id": found[1],
        "revision": found[2],
        "allow_patterns": list(wanted),
    }
    try:
        kept = Path(hub.snapshot_download(**asked, local_files_only=True))
        if has(kept):
            return kept
    except Exception:  # noqa: BLE001, S110  # not kept: fetched below
        pass
    if os.environ.get("PENCHANT_OFFLINE"):
        raise UnavailableError(
            f"model {name!r} is no folder here, and PENCHANT_OFFLINE keeps it from being fetched",
            hint="Fetch it where there is a network, and name its folder.",
        )
    try:
        return Path(hub.snapshot_download(**asked))
    except Exception as error:
        raise UnavailableError(
            f"model {name!r} is no folder here and cannot be had from the hub: {_first(error)}",
            hint="Look at the name; or fetch it where there is a network, and name its folder.",
        ) from error


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def recipe_of(folder: Path) -> Recipe:
    """Read how the model in *folder* makes vectors.

    Raises:
        ModelError: If a file is no JSON.
    """
    pooling = _json(folder / "1_Pooling" / "config.json")
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts")
    return Recipe(
        pooling=_pooling(pooling),
        longest=_longest(folder),
        prefix=_prefixes(prompts if isinstance(prompts, dict) else {}),
        others=_others(folder),
        whole=pooling.get("include_prompt") is not False,
        padding=_token(_json(folder / "tokenizer_config.json").get("pad_token")),
    )


def _pooling(config: Mapping[str, Any]) -> str:
    modes = [
        str(key).removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
        for key, value in config.items()
        if str(key).startswith("pooling_mode_") and value is True
    ]
    if isinstance(config.get("pooling_mode"), str):
        modes = [config["pooling_mode"]]
    return "+".join(modes) or "mean"


def _longest(folder: Path) -> int:
    said = [
        _json(folder / "sentence_bert_config.json").get("max_seq_length"),
        _json(folder / "tokenizer_config.json").get("model_max_length"),
    ]
    places = _json(folder / "config.json").get("max_position_embeddings")
    said.append(places - _SPECIAL if isinstance(places, int) else None)
    known = [n for n in said if isinstance(n, int) and _SPECIAL < n < _UNBOUNDED]
    return known[0] if known else _TOKENS


def _prefixes(prompts: Mapping[str, Any]) -> Mapping[Role, str]:
    names: Mapping[Role, Sequence[str]] = {
        "query": ("query",),
        "document": ("document", "passage", "corpus"),
    }
    return {
        role: next((str(prompts[name]) for name in some if prompts.get(name)), "")
        for role, some in names.items()
    }


def step_types(folder: Path) -> list[str]:
    """Return the steps of the model in *folder*, as dotted names; none where it does not say.

    Raises:
        ModelError: If the file is no JSON.
    """
    steps = _json(folder / "modules.json", kind=list)
    return [str(step.get("type", "")) for step in steps if isinstance(step, dict)]


def _others(folder: Path) -> tuple[str, ...]:
    kinds = [kind.rsplit(".", 1)[-1] for kind in step_types(folder)]
    return tuple(kind for kind in kinds if kind not in ("Transformer", "Pooling", "Normalize"))


def _token(said: object) -> str | None:
    token = said.get("content") if isinstance(said, dict) else said
    return token if isinstance(token, str) else None


def _json(path: Path, *, kind: type = dict) -> Any:  # noqa: ANN401  JSON
    """Return what the file at *path* holds; an empty *kind* where it is not there."""
    if not path.is_file():
        return kind()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"model file {str(path)!r} cannot be read: {error}") from error
    if not isinstance(found, kind):
        raise ModelError(f"model file {str(path)!r} holds no {kind.__name__}")
    return found
