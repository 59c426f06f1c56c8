"""When the process that holds a change is surely gone."""

from __future__ import annotations

from dataclasses import replace

from magnumctl.ledger.holders import is_surely_gone, this_process

ME = this_process()
BEYOND = 2**22 + 1
"""Higher than Linux's highest pid."""


def test_this_process_lives() -> None:
    """So its own change is not taken from it."""
    assert not is_surely_gone(ME, ME)


def test_a_pid_that_nobody_has_is_gone() -> None:
    """On this host, that is proof."""
    assert is_surely_gone(replace(ME, pid=BEYOND), ME)


def test_a_pid_that_someone_else_has_now_is_gone() -> None:
    """The start time tells them apart."""
    assert is_surely_gone(replace(ME, started="1"), ME)


def test_after_a_reboot_everyone_is_gone() -> None:
    """Even if the pid is in use again."""
    assert is_surely_gone(replace(ME, boot="another"), ME)


def test_of_another_host_nothing_is_known() -> None:
    """Even if the pid is free here."""
    assert not is_surely_gone(replace(ME, host="elsewhere", pid=BEYOND), ME)


def test_of_another_machine_of_the_same_name_nothing_is_known() -> None:
    """Two laptops called localhost, or two containers."""
    assert not is_surely_gone(replace(ME, machine="elsewhere", pid=BEYOND), ME)


def test_a_holder_is_named_as_people_name_a_process() -> None:
    """user@host pid N."""
    assert str(replace(ME, user="ada", host="babbage", pid=7)) == "ada@babbage pid 7"
