"""Whoever only looks changes nothing, whatever page stands before them."""

from types import SimpleNamespace

import pytest

from penchant.errors import AccessError
from penchant.serve.console.desk import Desk
from penchant.store.base import Key


def key(*scopes):
    return Key(key_id="k", name="", scopes=frozenset(scopes), at=0)


def desk(drawn_for, now):
    return Desk(service=SimpleNamespace(), key=drawn_for, who=lambda: now, code="en", lasting=True)


@pytest.mark.parametrize("now", [key("view"), key("read", "portrait"), None])
def test_what_is_done_is_judged_by_the_key_of_now(now):
    """A page that was drawn for one who may change things can stand before another."""
    done = []
    page = desk(key("admin"), now)
    with pytest.raises(AccessError):
        page._allowed(lambda: done.append(1))  # noqa: SLF001  the rule itself
    assert done == []


def test_a_key_of_scope_admin_changes_things():
    page = desk(key("admin"), key("admin"))
    assert page.may_change
    assert page._allowed(lambda: 7) == 7  # noqa: SLF001  the rule itself
