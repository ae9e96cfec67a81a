"""The command line's words are the contract's, and wrong ones are refused before any work."""

import pytest

from penchant.errors import UsageError
from penchant.serve.options import COMMANDS, parser


def parse(line):
    return parser().parse_args(line.split())


def test_options_take_several_values_and_repeat():
    """`--a x y` and `--a x --a y` mean the same."""
    together = parse("fit --interactions a.csv b.csv --items i.csv --model m --map a=b c=d")
    apart = parse(
        "fit --interactions a.csv --interactions b.csv --items i.csv --model m --map a=b --map c=d"
    )

    assert vars(together) == vars(apart)
    assert [path.name for path in together.interactions] == ["a.csv", "b.csv"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_examples_that_parse(command, capsys):
    """A line of help that does not parse teaches a mistake."""
    with pytest.raises(SystemExit) as left:
        parser().parse_args([command, "--help"])

    text = capsys.readouterr().out
    examples = [line.strip() for line in text.split("examples:")[1].splitlines() if line.strip()]
    assert left.value.code == 0
    assert examples
    for line in examples:
        quoted = line.replace('"slow science fiction"', "slow")
        assert parse(quoted.removeprefix("penchant ")).command == command


@pytest.mark.parametrize(
    "line",
    [
        "fitt",
        "fit",
        "fit --interactions a.csv",
        "fit --interactions a.csv --model m --unknown",
        "fit --interactions a.csv --model m --goal tomorrow",
        "fit --interactions a.csv --model m --seed one",
        "recommend --model m --user u -k 0",
        "recommend --model m --user u -k -3",
        "recommend --model m --user u -k many",
        "recommend --model m --user u --diversity 1.5",
        "recommend --model m --user u --diversity nan",
        "recommend --model m --user u --calibration -1",
        "recommend --model m --us u",
        "portrait --user u",
        "similar --model m",
        "evaluate --interactions a.csv --split never",
        "explore --user u",
        "evaluate --interactions a.csv --track names",
        "serve --workers many",
        "keys",
        "keys create --scope root",
    ],
)
def test_wrong_usage_is_refused(line):
    with pytest.raises(UsageError):
        parse(line)
