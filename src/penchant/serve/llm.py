"""``penchant llm``: what text generation cost, what is kept, and what may still be spent."""

from __future__ import annotations

import argparse
import sys
import time

from penchant.config import Settings, load_settings
from penchant.llm.generators import llm_folder, open_generator
from penchant.llm.ledger import JOULES_IN, JOULES_OUT, WATTS, Ledger
from penchant.llm.prompts import load_prompt, prompt_names
from penchant.llm.replies import ReplyCache
from penchant.serve.output import check_target, deliver

__all__ = ["llm"]


def llm(options: argparse.Namespace) -> int:
    """Print the ledger, and beside it cache, budget and prompts; nothing is generated.

    Raises:
        ConfigError: If the settings name no generator there is.
        UnavailableError: If the local runtime or model is not installed.
    """
    check_target(options.out)
    settings = load_settings(file=options.config, llm=options.llm)
    ledger = Ledger(llm_folder(), clock=time.time)
    if not options.quiet:
        print("\n".join(_said(settings, ledger)), file=sys.stderr)
    deliver(ledger.table(), options.out)
    return 0


def _said(settings: Settings, ledger: Ledger) -> list[str]:
    generator = open_generator(settings.llm, model=settings.llm_model)
    spent = ledger.tokens_today()
    left = max(0, min(settings.llm_tokens, settings.llm_tokens_a_day - spent))
    versions = (
        f"{name}.{language} {load_prompt(name, language).version}"
        for name, language in prompt_names()
    )
    redacts = settings.llm_redact is not False and "://" in settings.llm
    without = "" if generator else " (names are found by counting words)"
    limits = f"a run {settings.llm_tokens:,}, a day {settings.llm_tokens_a_day:,}"
    rates = f"{JOULES_OUT:g} J a token written, {JOULES_IN:g} J a token read"
    return [
        f"Generator: {settings.llm}{without}",
        f"Redaction: {'on' if redacts or settings.llm_redact else 'off'}",
        f"Budget: {spent:,} tokens spent today, {left:,} left for a run now ({limits})",
        f"Cache: {ReplyCache(llm_folder()).count():,} answers in {llm_folder()}",
        f"Prompts: {', '.join(versions)}",
        f"Energy is an estimate: {WATTS:g} W while a model here works; of a remote one {rates}.",
        "Money is unknown where llm_prices does not know the model.",
    ]
