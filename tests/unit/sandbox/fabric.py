from __future__ import annotations

from magnumctl.sandbox.fabric import BootedServer, Relay


class RecordingNode:
    def __init__(self, name: str, told: list[str]) -> None:
        self.name, self.told = name, told

    def attach(self, address: str) -> None:
        self.told.append(f"{self.name} attach {address}")

    def detach(self, address: str) -> None:
        self.told.append(f"{self.name} detach {address}")

    def stop(self) -> None:
        self.told.append(f"{self.name} stop")

    def start(self) -> None:
        self.told.append(f"{self.name} start")

    def reboot(self) -> None:
        self.told.append(f"{self.name} reboot")

    def pause(self) -> None:
        self.told.append(f"{self.name} pause")

    def unpause(self) -> None:
        self.told.append(f"{self.name} unpause")

    def delete(self) -> None:
        self.told.append(f"{self.name} delete")

    def console(self) -> str:
        return "one\ntwo\nthree\n"


class RecordingFabric:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.booted: list[BootedServer] = []
        self.relays: dict[str, Relay] = {}

    def boot(self, server: BootedServer) -> RecordingNode:
        self.booted.append(server)
        self.told.append(f"{server.name} boot")
        return RecordingNode(server.name, self.told)

    def relay(self, relay: Relay) -> None:
        self.relays[relay.id] = relay

    def unrelay(self, relay_id: str) -> None:
        self.relays.pop(relay_id, None)

    def close(self) -> None:
        self.told.append("closed")
