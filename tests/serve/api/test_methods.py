"""Over HTTP: a method that a path does not have is a 405 that names all it has."""

import pytest

from serve_api import ROUTES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATHS = sorted({path for _, _, path, _ in ROUTES} | {"/api/user", "/api/items", "/healthz"})


@pytest.mark.parametrize("path", PATHS)
def test_allow_names_the_methods_that_are_answered_and_no_other(shop, path):
    answers = {method: shop.client.request(method, path, json=3) for method in METHODS}
    refused = {method for method, answer in answers.items() if answer.status_code == 405}

    assert refused
    for method in refused:
        allowed = answers[method].headers["allow"].split(", ")
        assert set(allowed) == set(METHODS) - refused
