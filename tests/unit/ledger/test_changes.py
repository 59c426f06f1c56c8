"""Changes: how they end, what they say, and that there is one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from magnumctl.errors import BayBusyError, CloudError, LedgerError, TerraformInterruptedError
from magnumctl.ledger import JournalEvent, Ledger

from .bays import WEB, open_ledger


def end_with(ledger: Ledger, error: BaseException) -> tuple[str, str | None]:
    with pytest.raises(type(error)), ledger.change(WEB, "apply", ""):
        raise error
    change = ledger.changes()[0]
    return change.status, change.error


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    return ledger


def test_a_change_that_ends_well_succeeded(ledger: Ledger) -> None:
    """Begun while it runs, succeeded afterwards."""
    with ledger.change(WEB, "apply", ""):
        during = ledger.changes()[0]
    after = ledger.changes()[0]
    assert (during.status, during.ended_at, after.status, after.error) == ("begun", None, "succeeded", None)


def test_a_failed_change_says_why(ledger: Ledger) -> None:
    """In the words of the error."""
    assert end_with(ledger, CloudError("no flavor x", detail="it has y")) == ("failed", "no flavor x: it has y")


def test_an_error_of_someone_else_is_named_and_not_quoted(ledger: Ledger) -> None:
    """Its text may hold a secret."""
    assert end_with(ledger, ValueError("password=hush")) == ("failed", "unexpected ValueError")


@pytest.mark.parametrize("signal", [KeyboardInterrupt(), SystemExit(143), TerraformInterruptedError("stopped")])
def test_a_signal_interrupts(ledger: Ledger, signal: BaseException) -> None:
    """Ctrl-C, SIGTERM, and Terraform stopped by either."""
    assert end_with(ledger, signal)[0] == "interrupted"


def test_the_second_change_is_told_who_holds_the_bay(ledger: Ledger) -> None:
    """Who, since when, and what helps."""
    with (
        ledger.change(WEB, "apply", "") as change,
        pytest.raises(BayBusyError) as error,
        ledger.change(WEB, "push", ""),
    ):
        pass
    held = ledger.changes()[0]
    assert error.value.summary == f"bay web is being changed by {held.who}"
    assert error.value.detail == f"change {change.id} (apply) was begun at {held.begun_at}"


def test_another_bay_is_free(ledger: Ledger) -> None:
    """Bays are changed side by side."""
    edge = replace(WEB, uuid="22222222-2222-4333-8444-555555555555", name="edge")
    ledger.record_bay(edge)
    with ledger.change(WEB, "apply", ""), ledger.change(edge, "apply", ""):
        assert [change.bay for change in ledger.changes()] == ["edge", "web"]


def test_only_one_of_many_threads_gets_the_bay(ledger: Ledger) -> None:
    """Whatever the order they come in."""

    def attempt(_: int) -> str:
        try:
            with ledger.change(WEB, "apply", ""):
                return "held" if gate.wait(0.3) is False else ""
        except BayBusyError:
            return "busy"

    gate = Event()
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == ["busy"] * 7 + ["held"]


def test_an_unlocked_change_is_interrupted_and_stays_so(ledger: Ledger) -> None:
    """The process that was thought gone and was not does not overwrite what the person decided."""
    with ledger.change(WEB, "apply", ""):
        unlocked = ledger.unlock(WEB)
    assert unlocked is not None
    change = ledger.changes()[0]
    assert (change.id, change.status, change.error) == (unlocked.id, "interrupted", "unlocked by hand")


def test_nothing_to_unlock(ledger: Ledger) -> None:
    """A bay that nobody changes."""
    assert ledger.unlock(WEB) is None


def test_the_journal_keeps_what_terraform_did(ledger: Ledger) -> None:
    """In order, with the cloud's ids."""
    begun = JournalEvent("start", "openstack_a.b", "create", None, "2026-01-02T03:04:05+00:00")
    done = JournalEvent("complete", "openstack_a.b", "create", "id-1", "2026-01-02T03:04:06+00:00")
    with ledger.change(WEB, "apply", "") as change:
        change.journal(begun)
        change.journal(done)
    assert ledger.journal(change.id) == (begun, done)


def test_the_blueprint_of_a_change_can_be_read_again(ledger: Ledger) -> None:
    """The text as it was, also when it was applied twice."""
    for _ in range(2):
        with ledger.change(WEB, "apply", "version: 1\n"):
            pass
    assert [ledger.blueprint(change) for change in ledger.changes()] == ["version: 1\n"] * 2


def test_the_blueprint_lies_sealed(ledger: Ledger) -> None:
    """People write passwords into env."""
    with ledger.change(WEB, "apply", "env: {PASSWORD: marker-4711}"):
        pass
    ledger.close()
    assert b"marker-4711" not in b"".join(file.read_bytes() for file in ledger.path.parent.iterdir())


def test_changes_are_listed_by_name_by_bay_and_limited(ledger: Ledger) -> None:
    """A new bay of an old name has the old one's history by name, and its own by uuid."""
    again = replace(WEB, uuid="22222222-2222-4333-8444-555555555555")
    with ledger.change(WEB, "destroy", ""):
        pass
    ledger.forget_bay(WEB.uuid)
    ledger.record_bay(again)
    with ledger.change(again, "apply", ""):
        pass
    by_name = [change.kind for change in ledger.changes(bay="web")]
    by_uuid = [change.kind for change in ledger.changes(bay_uuid=again.uuid)]
    assert (by_name, by_uuid, len(ledger.changes(limit=1))) == (["apply", "destroy"], ["apply"], 1)


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    """No bare sqlite3 error."""
    ledger.close()
    with pytest.raises(LedgerError):
        ledger.bays()


def test_a_change_keeps_how_long_its_stages_took(ledger: Ledger) -> None:
    """In their order; another change has its own."""
    with ledger.change(WEB, "apply", "") as change:
        change.stage("infrastructure", 12.5)
        change.stage("nodes", 31.0)
    with ledger.change(WEB, "apply", "") as other:
        pass
    found = [(stage.name, stage.seconds) for stage in ledger.stages(change.id)]
    assert (found, ledger.stages(other.id)) == ([("infrastructure", 12.5), ("nodes", 31.0)], ())


def test_a_bay_is_free_unless_somebody_changes_it(ledger: Ledger) -> None:
    """Asked without beginning a change; nothing is marked by the question."""
    ledger.require_free(WEB)
    with ledger.change(WEB, "apply", ""), pytest.raises(BayBusyError, match="bay web is being changed by"):
        ledger.require_free(WEB)
    assert [change.status for change in ledger.changes()] == ["succeeded"]
