"""What the API says of itself is true, whatever is sent and whatever the key may do.

The long form is ``schemathesis run URL/openapi.json -H "X-API-Key: …"``.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core import NOT_SET
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from serve_api import ROUTES, started

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
]
SCOPES = {(method, path): scope for scope, method, path, _ in ROUTES}
BRIEF = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def shop(fitted, tmp_path_factory):
    """A service of its own: anything may happen to it."""
    yield from started(tmp_path_factory.mktemp("schema"), model=fitted)


@pytest.fixture(scope="module")
def schema(shop):
    return schemathesis.openapi.from_url(f"{shop.url}/openapi.json")


@pytest.mark.parametrize("scope", ["admin", "ingest", "read", "portrait", None])
def test_answers_are_as_described_and_no_key_does_more_than_it_may(shop, schema, scope):
    good, bad = (
        schema.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    client = shop.with_scopes(*([scope] if scope else []))
    refused = {401} if scope is None else {403}

    @BRIEF
    @given(case=st.one_of(good, bad))
    def ask(case):
        for name in ("X-API-Key", "Authorization"):  # ours, not made ones
            case.headers.pop(name, None)
        response = case.call(headers=dict(client.headers))
        case.validate_response(response, checks=CHECKS)
        needed = SCOPES[case.method, re.sub(r"\{\w+\}", "x", case.operation.path)]
        if scope not in {needed, "admin"}:
            assert response.status_code >= 400
            if case.body is NOT_SET:
                assert response.status_code in refused

    ask()
    client.close()
    assert shop.client.get("/readyz").status_code == 200


def test_requests_that_follow_from_one_another_are_answered_as_described(shop, tmp_path):
    """Edges of every parameter, then sequences in which answers become requests."""
    names = [check.__name__ for check in CHECKS]
    command = [str(Path(sys.executable).with_name("schemathesis")), "run"]
    command += [f"{shop.url}/openapi.json", "-H", f"X-API-Key: {shop.client.headers['X-API-Key']}"]
    command += ["--phases", "coverage,stateful", "--checks", ",".join(names), "-n", "2"]
    command += ["--no-shrink", "--seed", "1", "--no-color", "--warnings", "off"]
    for seconds in ("10", "90"):  # on a machine that is busy the first ones pass with reading
        timed = [*command, "--max-time", seconds]
        done = subprocess.run(timed, cwd=tmp_path, capture_output=True, text=True, check=False)
        if "Empty test suite" not in done.stdout:
            break

    assert done.returncode == 0, done.stdout[-5000:]
    assert "No issues found" in done.stdout
