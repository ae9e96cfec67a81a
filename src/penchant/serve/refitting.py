"""One refit, in a process of its own: reads the store, fits, compares, saves, reports.

    python -m penchant.serve.refitting FIT_ID

The environment says which store (`penchant.serve.deployment`).  The exit code is that of the
command line; what came of it stands in the store either way.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from penchant.config import Settings, load_settings
from penchant.data.dataset import Dataset
from penchant.engine import Penchant
from penchant.engine.fitted import Fitted
from penchant.engine.gather import gather
from penchant.engine.guard import Verdict, compare, newest_cut
from penchant.errors import PenchantError
from penchant.serve.deployment import Deployment
from penchant.serve.door import OPEN, Door
from penchant.serve.experiments import running
from penchant.serve.fitter import BEAT
from penchant.store.base import Model
from penchant.store.pages import events_upto, everybody
from penchant.store.sql import Store

__all__ = ["everything", "main", "refit"]

_LOG: Final = logging.getLogger("penchant.service")
_CHUNK: Final = 50_000
_KEPT: Final = 3
"""Models kept besides the one that serves and the one that the service started from."""

_NICE: Final = 10


def main() -> int:
    """Run the fit whose id is the first argument."""
    fit_id = sys.argv[1]
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    deployment = Deployment.at(None)
    store = deployment.open()
    try:
        with _beating(store, fit_id):
            model = refit(
                store,
                folder=deployment.models,
                settings=load_settings(),
                door=Door.of(os.environ),
            )
        detail = f"{model.status}: {model.reason}"
        _end(store, fit_id, status="done", detail=detail, model_id=model.model_id)
    except PenchantError as error:
        _end(store, fit_id, status="failed", detail=str(error), model_id=None)
        return error.exit_code
    except Exception as error:  # noqa: BLE001  # whoever asks for the fit is told
        _LOG.exception("a fit failed")
        detail = f"{type(error).__name__}: {error}"
        _end(store, fit_id, status="failed", detail=detail, model_id=None)
        return PenchantError.exit_code
    finally:
        store.close()
    return 0


def refit(
    store: Store,
    *,
    folder: Path,
    settings: Settings,
    door: Door = OPEN,
    clock: Callable[[], float] = time.time,
) -> Model:
    """Fit a model on everything that the store knows, and let it serve if it is good enough.

    Args:
        store: Of the service.
        folder: Where models are kept.
        settings: Of the fit.
        door: Makes of ids of users what the store knows them by.
        clock: UTC seconds.

    Raises:
        DataError: If there is too little to learn from.
    """
    before, unread = _serving(store)
    data, watermark = everything(store, settings=settings, before=before, door=door)
    verdict = _verdict(before, unread, data, settings)
    at = int(clock())
    model_id = f"m{at:x}{secrets.token_hex(3)}"
    fitted = Penchant(settings=settings).fit(
        data, stated=None if before is None else before.fitted.taxonomy.stated, before=before
    )
    fitted.save(folder / model_id)
    model = Model(
        model_id=model_id,
        at=at,
        path=str((folder / model_id).resolve()),
        watermark=watermark,
        status="serving" if verdict.promoted else "aside",
        reason=verdict.reason,
        facts={**verdict.facts, "summary": dict(fitted.summary)},
    )
    store.models.add(model)
    _prune(store)
    return model


def everything(
    store: Store, *, settings: Settings, before: Penchant | None = None, door: Door = OPEN
) -> tuple[Dataset, int]:
    """Return a data set of all that is known, and the last event's number.

    Args:
        store: Of the service.
        settings: Of the fit.
        before: The model in service, where it is open: often it is the one that all began from.
        door: Makes of ids of users what the store knows them by.

    Raises:
        DataError: If there is nothing to learn from.
    """
    watermark = store.events.last()
    base = _base(store, before, door)
    items, _, _ = store.items.changed(0)
    data = gather(
        list(events_upto(store.events, watermark, at_once=_CHUNK)),
        items=items,
        users=list(everybody(store.people)),
        base=base,
        rewritten=store.people.rewritten(),
        dropped=store.events.dropped(),
        settings=settings,
    )
    return data, watermark


def _serving(store: Store) -> tuple[Penchant | None, str]:
    """Return the model in service, whose interests go on; without one, why there is none."""
    serving = store.models.serving()
    if serving is None:
        return None, "the first model"
    try:
        return Penchant.open(serving.path), ""
    except PenchantError as error:
        return None, f"the model that served cannot be read: {error}"


def _verdict(before: Penchant | None, unread: str, data: Dataset, settings: Settings) -> Verdict:
    if before is None:
        return Verdict(promoted=True, reason=unread, facts={})
    old = before.fitted
    cut = newest_cut(data, after=old.histories.now) if old.has_time else None
    if cut is None:
        reason = "too little happened since the model that served to compare them"
        return Verdict(promoted=True, reason=reason, facts={})
    candidate = Penchant(settings=settings).fit(cut.train, stated=old.taxonomy.stated).fitted
    return compare(old, candidate, cut)


def _base(store: Store, before: Penchant | None, door: Door) -> Fitted | None:
    for model in store.models.all():
        if model.facts.get("base"):
            opened = before if model.status == "serving" else None
            fitted = (opened or Penchant.open(model.path)).fitted
            return replace(fitted, users=door.users(fitted.users, model))
    return None


def _prune(store: Store) -> None:
    """Remove the directories of old models, but for the latest ones, the base and arms."""
    under_way = running(store)
    arms = {arm.model_id for arm in under_way.plan.arms} if under_way else set()
    idle = [
        model
        for model in store.models.all()
        if model.status in {"retired", "aside"}
        and not model.facts.get("base")
        and model.model_id not in arms
    ]
    for model in idle[_KEPT:]:
        shutil.rmtree(model.path, ignore_errors=True)
        store.models.mark(model.model_id, status="removed", reason=model.reason)


@contextlib.contextmanager
def _beating(store: Store, fit_id: str) -> Iterator[None]:
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT):
            with contextlib.suppress(PenchantError):
                store.models.beat(fit_id, at=int(time.time()))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _end(store: Store, fit_id: str, *, status: str, detail: str, model_id: str | None) -> None:
    at = int(time.time())
    store.models.end(fit_id, at=at, status=status, detail=detail, model_id=model_id)


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    sys.exit(main())
