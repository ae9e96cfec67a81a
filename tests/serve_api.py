"""A service over HTTP in this process, and clients with keys."""

import dataclasses
import time

import httpx

from penchant.serve.api.app import create_app
from penchant.serve.auth import SCOPES, make_key
from penchant.serve.service import Service
from penchant.serve.starting import start_from
from penchant.store.sql import Store
from servers import running

__all__ = ["KEY", "Running", "started"]

KEY = "5" * 64


@dataclasses.dataclass
class Running:
    """A service that runs, and a client with an admin's key."""

    url: str
    client: httpx.Client
    service: Service
    store_url: str

    @property
    def store(self):
        return self.service.store

    def with_scopes(self, *scopes):
        """Return a client whose key has *scopes*; without any, one without a key."""
        secret = make_key(self.store.keys, name="t", scopes=scopes, at=1)[0] if scopes else ""
        headers = {"X-API-Key": secret} if scopes else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def items(self, **asked):
        """Return the ids of a list."""
        answer = self.client.post("/v1/recommendations", json=asked)
        assert answer.status_code == 200, answer.text
        return [row["item_id"] for row in answer.json()["items"]]

    def sent(self, user, item, kind="purchase", **fields):
        """Send one event and return the answer."""
        event = {"user_id": user, "item_id": item, "event": kind, **fields}
        answer = self.client.post("/v1/events", json=event)
        assert answer.status_code == 200, answer.text
        return answer.json()


def started(folder, *, model=None, clock=time.time):
    """Yield a service on a new store in *folder*."""
    store_url = f"sqlite:///{folder / 'store.db'}"
    store = Store.open(store_url, key=KEY)
    secret, _ = make_key(store.keys, name="admin", scopes=SCOPES, at=1)
    if model is not None:
        start_from(store, model, folder=folder / "models", now=1)
    service = Service(store, clock=clock)
    with (
        running(create_app(service, most_bytes=2_000_000)) as url,
        httpx.Client(base_url=url, headers={"X-API-Key": secret}, timeout=30) as client,
    ):
        yield Running(url, client, service, store_url)
