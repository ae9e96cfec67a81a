"""Imports flow one way: a module may import its own layer or one named earlier, never a later."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "penchant"
LAYERS = (
    *(("errors",), ("types",), ("config",), ("privacy",), ("data", "store"), ("metrics",)),
    *(("text",), ("llm",), ("interests",), ("recommend",), ("rank",), ("snapshot",)),
    *(("evaluate",), ("engine",), ("spark",), ("serve",), ("testing",)),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
SIBLINGS = {("data", "store"), ("store", "data")}
LAZY = {"__init__.py", "serve/cli.py"}
"""Where imports inside functions are allowed: start-up time needs them there."""


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "penchant":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("penchant."))


FILES = sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_imports_point_down(path):
    layer = path.relative_to(SRC).parts[0].removesuffix(".py")
    if layer == "__init__":
        return
    for target in imports(ast.parse(path.read_text())):
        assert RANK[target] <= RANK[layer], f"{layer} imports {target}, which comes later"
        assert (layer, target) not in SIBLINGS


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_our_own_modules_are_imported_at_the_top(path):
    """An import hidden in a function hides a circle."""
    if str(path.relative_to(SRC)) in LAZY:
        return
    tree = ast.parse(path.read_text())
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [name for function in functions for name in imports(function)] == []


def test_every_module_has_a_layer():
    assert {p.relative_to(SRC).parts[0].removesuffix(".py") for p in FILES} - {"__init__"} <= set(
        RANK
    )
