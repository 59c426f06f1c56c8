"""Streams cut anywhere, put together again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from magnumctl.coe.docker.frames import HEAD, Frames
from magnumctl.coe.kubernetes.exec_session import result
from magnumctl.coe.logs import Said, as_they_come, whole_lines
from magnumctl.coe.sessions import Piece

PIECES = st.lists(st.builds(Piece, st.sampled_from(["stdout", "stderr"]), st.binary(max_size=20)), max_size=8)


@given(PIECES, st.lists(st.integers(1, 40), max_size=20))
def test_frames_cut_anywhere(pieces: list[Piece], cuts: list[int]) -> None:
    """Docker's frames give the same pieces however the network cuts them."""
    wire = b"".join(HEAD.pack(2 if p.stream == "stderr" else 1, len(p.content)) + p.content for p in pieces)
    frames, found = Frames(), []
    for cut in [*cuts, len(wire)]:
        part, wire = wire[:cut], wire[cut:]
        found += frames.pieces(part)
    found += frames.pieces(wire)
    assert found == pieces


def test_lines_of_several_sources_do_not_run_into_each_other() -> None:
    """A half line waits for its rest, and what never ended is ended."""
    said = [("a", b"one\ntw"), ("b", b"three\n"), ("a", b"o\nfour")]
    lines = whole_lines(Said(source, Piece("stdout", content)) for source, content in said)
    assert [(each.source, each.piece.content) for each in lines] == [
        ("a", b"one\n"),
        ("b", b"three\n"),
        ("a", b"two\n"),
        ("a", b"four\n"),
    ]


def test_as_they_come_ends_with_the_last_source() -> None:
    """Everything of every source is heard."""
    logs = {name: iter([Piece("stdout", name.encode())] * 3) for name in ("a", "b")}
    assert sorted(each.source for each in as_they_come(logs)) == ["a"] * 3 + ["b"] * 3


def test_results_of_a_command() -> None:
    """An exit code without words, and Kubernetes' words for a command that never began."""
    code = {"details": {"causes": [{"reason": "ExitCode", "message": "3"}]}}
    ended = {"status": "Failure", "message": "command terminated with non-zero exit code: 3", **code}
    assert [result(each) for each in ({"status": "Success"}, ended, {"status": "Failure", "message": "no shell"})] == [
        (0, ""),
        (3, ""),
        (1, "no shell\n"),
    ]
