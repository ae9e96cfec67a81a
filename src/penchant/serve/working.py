"""A worker of `penchant serve`: the application around a store and the model that serves."""

from __future__ import annotations

import logging
import os
import sys

from fastapi import FastAPI

from penchant.config import load_settings
from penchant.serve.api.app import create_app
from penchant.serve.deployment import STORE, Deployment
from penchant.serve.door import Door
from penchant.serve.service import Service

__all__ = ["worker"]


def worker() -> FastAPI:
    """Return the application of one worker process."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("penchant").setLevel(logging.INFO)
    deployment = Deployment.at(os.environ[STORE])
    door = Door.of(os.environ)
    return create_app(Service(deployment.open(), settings=load_settings(), door=door))
