"""Tokens of one user: what was signed comes back, and nothing else does."""

import pytest

from penchant.errors import AccessError, UsageError
from penchant.serve.tokens import LONGEST, make_token, read_token
from penchant.store.base import Key

DIGEST, NOW = b"d" * 32, 1_000_000
KEY = Key(key_id="k1", name="", scopes=frozenset({"read", "portrait"}), at=1)


def made(key=KEY, **changes):
    asked = {"user": "ann/🦊", "scopes": ["read"], "now": NOW, "seconds": 60, **changes}
    return make_token(key, digest=DIGEST, **asked)


def test_what_was_signed_comes_back():
    token, end = made()
    claims = read_token(token)

    assert (claims.key_id, claims.user, claims.scopes) == ("k1", "ann/🦊", {"read"})
    assert claims.end == end == NOW + 60
    assert claims.signed_by(DIGEST)
    assert not claims.signed_by(b"e" * 32)


def test_a_token_that_is_changed_anywhere_is_not_signed():
    token, _ = made()
    for at in range(5, len(token) - 1):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        try:
            assert not read_token(other).signed_by(DIGEST)
        except AccessError:
            continue


@pytest.mark.parametrize(
    "text", ["pent_", "pent_.", "pent_e30.e30", "pent_W10.x", "pent_" + "W" * 5000, "pent_é.é"]
)
def test_what_is_no_token_opens_nothing(text):
    with pytest.raises(AccessError):
        read_token(f"pent_{text}")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scopes": []}, UsageError),
        ({"scopes": ["admin"]}, UsageError),
        ({"scopes": ["ingest"]}, AccessError),
        ({"seconds": 0}, UsageError),
        ({"seconds": LONGEST + 1}, UsageError),
    ],
)
def test_a_token_has_no_more_than_its_key_and_not_for_long(changes, error):
    with pytest.raises(error):
        made(**changes)


def test_an_admins_key_signs_for_every_scope_of_a_user():
    token, _ = made(
        key=Key(key_id="k2", name="", scopes=frozenset({"admin"}), at=1), scopes=["ingest"]
    )

    assert read_token(token).scopes == {"ingest"}
