"""Sockets that share a port: each listens for itself, and a taken port is refused."""

import pickle
import socket

import pytest

from penchant.serve.ports import bound


@pytest.fixture
def place():
    with bound("127.0.0.1", 0) as made:
        yield made


def port_of(made):
    return made.getsockname()[1]


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="this system cannot share a port")
def test_whoever_gets_a_copy_listens_at_the_same_place_for_itself(place):
    """Connections go to both: to a single queue they would not."""
    copies = [pickle.loads(pickle.dumps(place)) for _ in range(2)]  # noqa: S301  our own
    for copy in copies:
        copy.listen()
        copy.settimeout(5)
    assert {port_of(copy) for copy in copies} == {port_of(place)}

    clients = [socket.create_connection(("127.0.0.1", port_of(place))) for _ in range(64)]
    taken = []
    for copy in copies:
        copy.setblocking(False)
        count = 0
        while True:
            try:
                copy.accept()[0].close()
            except BlockingIOError:
                break
            count += 1
        taken.append(count)
    for one in (*clients, *copies):
        one.close()

    assert sum(taken) == 64
    assert min(taken) > 10


def test_a_port_where_somebody_listens_is_refused():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"):
            bound("127.0.0.1", port_of(other))


def test_a_port_that_a_service_shares_is_refused_to_another_service(place):
    with pickle.loads(pickle.dumps(place)) as worker:  # noqa: S301  our own
        worker.listen()
        with pytest.raises(OSError, match="in use"):
            bound("127.0.0.1", port_of(place))
