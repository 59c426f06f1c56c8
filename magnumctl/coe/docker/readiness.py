"""How far a container has come, in one word and the engine's own reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from magnumctl.coe.contract import WorkloadState

from .live import Live

Json = Mapping[str, Any]
State = tuple[WorkloadState, str, float]
"""State, reason, and the seconds that a failure may stand before waiting on has no sense."""

CANNOT_HEAL = 0.0
HEALTH_SECONDS = 30.0
CRASHES_THAT_ARE_A_LOOP = 3
JUST_UP = "Up Less than a second"


def state_of_running(live: Live) -> State:
    """From the listing alone."""
    if "(unhealthy)" in live.status:
        return "failed", "its health check fails", HEALTH_SECONDS
    if "(health: starting)" in live.status:
        return "waiting", "its health check has not passed yet", 0
    if live.status.startswith(JUST_UP):
        return "waiting", "started this moment", 0
    return "ready", "", 0


def state_of_halted(live: Live, inspected: Json, last_words: str) -> State:
    """Of one that is not running."""
    state, policy = inspected["State"], inspected["HostConfig"]["RestartPolicy"]["Name"]
    if live.state == "paused":
        return "stopped", "paused", 0
    if live.state == "created":
        return "failed", state.get("Error") or "was never started", CANNOT_HEAL
    if live.state == "restarting":
        return restarting(inspected, last_words)
    if policy in {"always", "unless-stopped"}:
        return "stopped", "stopped by hand", 0
    if state["ExitCode"] == 0:
        return "ready", "finished with exit code 0", 0
    return "failed", ended(state, last_words), CANNOT_HEAL


def restarting(inspected: Json, last_words: str) -> State:
    if not inspected["State"]["Restarting"]:  # it came up again between the listing and this look
        return "waiting", "started this moment", 0
    count = inspected["RestartCount"]
    reason = f"restarted {count} times: {ended(inspected['State'], last_words)}"
    return ("failed" if count >= CRASHES_THAT_ARE_A_LOOP else "waiting"), reason, CANNOT_HEAL


def ended(state: Json, last_words: str) -> str:
    said = state.get("Error") or last_words
    killed = ", out of memory" if state.get("OOMKilled") else ""
    return f"exit code {state['ExitCode']}{killed}" + (f", {said}" if said else "")
