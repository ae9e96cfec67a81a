"""Turns at a file: one at a time, over threads and processes; whoever dies gives its turn up."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from penchant.store.turns import Turns

SRC = Path(__file__).parents[2] / "src"
HOLD = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from penchant.store.turns import Turns
with Turns(Path(sys.argv[1])).turn():
    print("mine", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "turns"


def test_threads_with_their_own_handles_take_turns(file):
    inside, most = 0, 0

    def work():
        nonlocal inside, most
        turns = Turns(file)
        for _ in range(20):
            with turns.turn():
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1
        turns.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_a_process_that_is_killed_gives_up_its_turn_at_once(file):
    turns, got = Turns(file), threading.Event()
    command = [sys.executable, "-c", HOLD, str(file), str(SRC)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"mine\n"

        def wait():
            with turns.turn():
                got.set()

        thread = threading.Thread(target=wait)
        thread.start()
        assert not got.wait(0.2)
        holder.kill()
        assert got.wait(5)
        thread.join()


def test_an_error_gives_the_turn_up(file):
    turns = Turns(file)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn():
        pass
    with Turns(file).turn():
        pass


def test_where_no_file_can_be_had_nobody_waits(tmp_path):
    turns = Turns(tmp_path / "nowhere" / "turns")
    with turns.turn():
        pass
    turns.close()
