import pytest

from bench.load import _status

HEARTBEATS = "event: heartbeat\ndata: null\n\n" * 2


@pytest.mark.parametrize("before", ["", HEARTBEATS])
def test_what_came_of_a_question_is_the_last_event(before: str) -> None:
    answered = 'event: complete\ndata: [{"status": "answered"}]\n\n'
    assert _status(before + answered) == "answered"
    refused = 'event: error\ndata: {"error": "Busy: 64 questions are waiting."}\n\n'
    assert "Busy" in _status(before + refused)
