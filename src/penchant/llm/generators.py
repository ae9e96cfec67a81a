"""Generators of text, and the one place where they are found by what names them.

none         nobody is asked: everything has a way without
local        the model that the extra ``local`` brings; ``local:PATH.gguf`` any other
URL          an OpenAI-compatible server; key in ``PENCHANT_LLM_KEY``
others       entry points of the group ``penchant.generators``: callables that return a `Generator`
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from penchant.config import Settings, cache_folder
from penchant.errors import ConfigError
from penchant.llm.ask import Asker
from penchant.llm.base import Generator
from penchant.llm.budget import Budget
from penchant.llm.http import HttpGenerator
from penchant.llm.ledger import Ledger
from penchant.llm.local import LocalGenerator, find_model
from penchant.llm.places import key_for
from penchant.llm.replies import ReplyCache

__all__ = ["asker_for", "llm_folder", "open_generator"]

_GROUP: Final = "penchant.generators"
_FILE: Final = "local:"


def llm_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return where answers, ledger and joined models are kept."""
    return cache_folder(environ) / "llm"


def open_generator(
    name: str, *, model: str = "", own: bool = True, environ: Mapping[str, str] | None = None
) -> Generator | None:
    """Return the generator called *name*, None for ``none``.

    Args:
        name: ``none``, ``local``, ``local:PATH``, a URL or a plug-in's name.
        model: Which model a server is asked for; empty takes its first.
        own: Whether settings of one's own name it, so that a server is given the key.
        environ: Environment; None takes the process's.

    Raises:
        ConfigError: If nothing has that name, or a plug-in is no generator.
        UnavailableError: If the local runtime or model is not there.
    """
    environ = os.environ if environ is None else environ
    if name == "none":
        return None
    if name == "local":
        return LocalGenerator(find_model(llm_folder(environ)))
    if name.startswith(_FILE):
        return LocalGenerator(Path(name.removeprefix(_FILE)))
    if "://" in name:
        key = key_for(name, environ.get("PENCHANT_LLM_KEY", ""), own=own, environ=environ)
        return HttpGenerator(name, model=model, key=key)
    for point in entry_points(group=_GROUP, name=name):
        generator = point.load()()
        if not isinstance(generator, Generator):
            raise ConfigError(f"plug-in {point.value!r} is no generator: it lacks generate")
        return generator
    raise ConfigError(
        f"unknown generator {name!r}",
        hint="Choose none, local, local:PATH.gguf, a URL, or the name of a plug-in.",
    )


def asker_for(
    settings: Settings,
    *,
    generator: Generator | None = None,
    own: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Asker | None:
    """Return what asks the generator of *settings*; None where they name none.

    Args:
        settings: Name generator, model, budget, prices, and whether to redact.
        generator: Instead of the one that *settings* name.
        own: Whether the settings are one's own; a saved model's name no server that is given a key.
        environ: Environment; None takes the process's.

    Raises:
        ConfigError: If nothing has the name in *settings*.
        UnavailableError: If the local runtime or model is not there.
    """
    generator = generator or open_generator(
        settings.llm, model=settings.llm_model, own=own, environ=environ
    )
    if generator is None:
        return None
    folder = llm_folder(environ)
    ledger = Ledger(folder, clock=time.time)
    redact = settings.llm_redact
    return Asker(
        generator=generator,
        replies=ReplyCache(folder),
        ledger=ledger,
        budget=Budget(
            run=settings.llm_tokens,
            day=settings.llm_tokens_a_day,
            spent=ledger.tokens_today(),
        ),
        redact=not isinstance(generator, LocalGenerator) if redact is None else redact,
        prices=settings.llm_prices,
    )
