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

__all__ = ["KEY", "ROUTES", "Running", "started", "topics"]

KEY = "5" * 64

ROUTES = [
    ("ingest", "POST", "/v1/events", []),
    ("ingest", "POST", "/v1/items", []),
    ("ingest", "PATCH", "/v1/items/x", {}),
    ("ingest", "DELETE", "/v1/items/x", None),
    ("ingest", "POST", "/v1/users", []),
    ("read", "POST", "/v1/recommendations", {}),
    ("read", "GET", "/v1/recommendations", None),
    ("read", "GET", "/v1/items", None),
    ("read", "GET", "/v1/items/x", None),
    ("read", "GET", "/v1/items/x/similar", None),
    ("read", "GET", "/v1/interests", None),
    ("read", "GET", "/v1/interests/x/items", None),
    ("admin", "PATCH", "/v1/interests/x", {"hidden": True}),
    ("admin", "POST", "/v1/fits", None),
    ("admin", "GET", "/v1/fits/x", None),
    ("admin", "GET", "/v1/models", None),
    ("admin", "POST", "/v1/experiments", {"arms": []}),
    ("admin", "GET", "/v1/experiments", None),
    ("admin", "GET", "/v1/experiments/x", None),
    ("admin", "POST", "/v1/experiments/x/stop", None),
    ("read", "POST", "/v1/users/x/tokens", {}),
    ("admin", "GET", "/v1/metrics/online", None),
    ("admin", "POST", "/v1/models/x/promote", None),
    ("portrait", "GET", "/v1/users/x/portrait", None),
    ("portrait", "GET", "/v1/users/x/export", None),
    ("portrait", "GET", "/v1/users/x/explore", None),
    ("portrait", "POST", "/v1/users/x/steer", {"text": "less music"}),
    ("portrait", "DELETE", "/v1/users/x/steer", None),
    ("portrait", "GET", "/v1/users/x/interests", None),
    ("portrait", "PUT", "/v1/users/x/interests", {"interests": []}),
    ("portrait", "DELETE", "/v1/users/x", None),
]
"""Of /v1: the scope that opens each, its method, an example of its path, and of its body."""


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


def topics(items):
    """Return what the items of the made shop are about, read off their ids."""
    return [item.split("-")[0] for item in items]
