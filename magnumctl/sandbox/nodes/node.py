"""One emulated server: powered on and off by the cloud, reachable where its floating addresses lead."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable

from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.cloud_config import UserDataError
from magnumctl.sandbox.nodes.console import Console
from magnumctl.sandbox.nodes.http import Answer, Request
from magnumctl.sandbox.nodes.listener import Endpoint, Listeners, Service
from magnumctl.sandbox.nodes.role import Role

BOOT_SECONDS = 0.15
LONGEST_PAUSE_SECONDS = 3600.0


class EmulatedNode:
    def __init__(self, role: Role, console: Console, clock: Clock, listeners: Listeners) -> None:
        self._role = role
        self._console = console
        self._clock = clock
        self._listeners = listeners
        self._addresses: list[str] = []
        self._on = False
        self._begun = False
        self._boots = 0
        self._unpaused = threading.Event()
        self._unpaused.set()
        self._lock = threading.RLock()
        self._left: list[Callable[[], None]] = []

    def attach(self, address: str) -> None:
        with self._lock:
            if address not in self._addresses:
                self._addresses.append(address)
                self._listen(address)

    def detach(self, address: str) -> None:
        with self._lock:
            if address in self._addresses:
                self._addresses.remove(address)
                self._listeners.close(address, self._role.port)

    def start(self) -> None:
        with self._lock:
            if self._on:
                return
            self._on = True
            self._boots += 1
            boot = self._boots
        self._console.boot()
        self._clock.after(BOOT_SECONDS, lambda: self._boot(boot))

    def _boot(self, boot: int) -> None:
        with self._lock:
            if not self._on or self._boots != boot:
                return
        try:
            self._act()
        except (UserDataError, ValueError) as exc:
            self._console.say(f"magnumctl: failed: {exc}")
        self._console.say("cloud-init[480]: Cloud-init v. 25.1.4 finished. Datasource DataSourceConfigDrive")

    def _act(self) -> None:
        if self._begun:
            self._role.resume()
        else:
            self._role.begin()
            self._begun = True
        with self._lock:
            for address in self._addresses if self._on else ():
                self._listen(address)
        if self._role.port:
            self._console.say("magnumctl: ready")

    def _listen(self, address: str) -> None:
        """Only this machine's own addresses can be listened on: fixed addresses rarely are."""
        if not (self._on and self._begun and self._role.port and ipaddress.ip_address(address).is_loopback):
            return
        try:
            self._listeners.open(Endpoint(address, self._role.port, self.service))
        except OSError as exc:
            self._console.say(f"magnumctl: cannot listen on {address}:{self._role.port}: {exc}")

    def stop(self) -> None:
        with self._lock:
            was_on, self._on = self._on, False
            for address in self._addresses:
                self._listeners.close(address, self._role.port)
        self._unpaused.set()
        if was_on and self._begun:
            self._role.halt()
        self._console.say("systemd-shutdown[1]: Powering off.")

    def reboot(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        self._unpaused.clear()

    def unpause(self) -> None:
        self._unpaused.set()

    def delete(self) -> None:
        self.stop()
        self._role.leave()
        for tell in self._left:
            tell()

    def when_deleted(self, tell: Callable[[], None]) -> None:
        self._left.append(tell)

    def console(self) -> str:
        return self._console.text()

    def service(self) -> Service | None:
        """What a connection to it meets; None when nothing listens. A paused node accepts and keeps silent."""
        service = self._role.service() if self._on and self._begun else None
        if service is None:
            return None
        application = service.application

        def answer(request: Request) -> Answer:
            self._unpaused.wait(LONGEST_PAUSE_SECONDS)
            return application(request)

        return Service(service.context, answer)
