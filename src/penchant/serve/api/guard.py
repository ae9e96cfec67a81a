"""What stands before a route: who asks, whether from this machine, and for what scope."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from penchant.errors import AccessError
from penchant.serve.auth import Authority
from penchant.serve.limits import Limits
from penchant.serve.reading import check_id
from penchant.serve.service import Service
from penchant.store.base import Key
from penchant.types import Columns

__all__ = ["ServiceOf", "UserOf", "allow", "allow_here", "loopback"]

_BEARER = HTTPBearer(auto_error=False, description="A key, as `penchant keys create` prints it.")
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")

Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
Header = Annotated[str | None, Security(_HEADER)]


async def service_of(request: Request) -> Service:
    """Return the service that answers; what is no coroutine would take a turn in a thread."""
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(service_of)]


async def user_of(user_id: str, service: ServiceOf) -> str:
    """Return what the store knows the user in the path by."""
    return service.door.user(check_id(user_id, Columns.USER))


UserOf = Annotated[str, Depends(user_of)]


def loopback(request: Request) -> bool:
    """Tell whether a request comes from this machine itself, not through a proxy on it."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def allow(scope: str, *, own: bool = False) -> Any:  # noqa: ANN401  FastAPI's own type
    """Return what lets in keys with *scope* and gives the route the key.

    Args:
        scope: What the route is about.
        own: Whether tokens of one user are let in.  Where the path names a user, it must be that
            one; otherwise the route has to see to it.
    """

    async def check(request: Request, bearer: Bearer, header: Header) -> Key:
        key = await _check(request, bearer, header, scope)
        if key.user is not None:
            named = request.path_params.get("user_id")
            door = request.app.state.service.door
            if not own or (named is not None and door.user(named) != key.user):
                raise _not_own()
        return key

    return Depends(check)


def allow_here(scope: str) -> Any:  # noqa: ANN401  FastAPI's own type
    """Return what lets in this machine, and keys with *scope* from anywhere."""

    async def check(request: Request, bearer: Bearer, header: Header) -> None:
        if not loopback(request):
            key = await _check(request, bearer, header, scope)
            if key.user is not None:
                raise _not_own()

    return Depends(check)


async def _check(
    request: Request, bearer: HTTPAuthorizationCredentials | None, header: str | None, scope: str
) -> Key:
    authority: Authority = request.app.state.authority
    limits: Limits = request.app.state.limits
    here = loopback(request)
    secret = bearer.credentials if bearer else header
    strange = bearer is None and bool(request.headers.get("authorization"))
    key = None if strange else authority.known(secret, scope)
    try:
        if strange:  # whoever shows two keys must have two good ones
            raise AccessError("this Authorization is no key's")  # noqa: TRY301  one way out
        if key is None:
            key = await to_thread.run_sync(authority.check, secret, scope)
    except AccessError:
        # guessing is as limited as asking
        limits.take(f"address {request.client.host if request.client else None}", here=here)
        raise
    limits.take(key.key_id if key.user is None else f"{key.key_id} {key.user}", here=here)
    return key


def _not_own() -> AccessError:
    return AccessError("this token opens only what is its user's", known=True)
