"""A Docker engine without containers inside: every state and transition of dockerd, on the sandbox's clock."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.errors import EngineError, no_such
from magnumctl.sandbox.nodes.docker.events import Events
from magnumctl.sandbox.nodes.docker.images import ImageStore
from magnumctl.sandbox.nodes.docker.networks import Networks, Volumes
from magnumctl.sandbox.nodes.docker.ports import HostPorts
from magnumctl.sandbox.nodes.docker.wish import begun, checked_name, container_of, exit_code_of_stop
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.program import CommandNotFoundError, Output, Pause, Run, Surroundings, execute

FIRST_OUTPUT_SECONDS = 0.02
RESTART_SECONDS = 0.1
LONGEST_RESTART_SECONDS = 60.0
PAUSED_LOOK_SECONDS = 0.2


class Engine:
    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.images = ImageStore()
        self.networks = Networks()
        self.volumes = Volumes()
        self.events = Events()
        self.started = time.time()
        self._clock = clock
        self._ports = HostPorts()
        self._containers: dict[str, Container] = {}
        self._pids = itertools.count(1000)
        self.lock = threading.RLock()

    def containers(self) -> tuple[Container, ...]:
        return tuple(sorted(self._containers.values(), key=lambda each: each.created, reverse=True))

    def find(self, name: str) -> Container:
        wanted = name.removeprefix("/")
        for container in self._containers.values():
            if wanted in {container.id, container.name}:
                return container
        short = [each for key, each in self._containers.items() if wanted and key.startswith(wanted)]
        if len(short) != 1:
            raise no_such("container", name)
        return short[0]

    def create(self, name: str, wish: Json) -> Container:
        with self.lock:
            chosen = checked_name(name)
            image = self.images.find(str(wish.get("Image") or ""))
            self._refuse_taken(chosen)
            container = container_of(chosen, wish, image, self.networks, self.volumes)
            self._containers[container.id] = container
            self.tell(container, "create")
            return container

    def rename(self, container: Container, name: str) -> None:
        if not name:
            raise EngineError(400, "Neither old nor new names may be empty")
        with self.lock:
            chosen = checked_name(name)
            self._refuse_taken(chosen)
            container.name = chosen
            self.tell(container, "rename")

    def _refuse_taken(self, name: str) -> None:
        for other in self._containers.values():
            if other.name == name:
                raise EngineError(
                    409,
                    f'Conflict. The container name "/{name}" is already in use by container "{other.id}".'
                    " You have to remove (or rename) that container to be able to reuse that name.",
                )

    def start(self, container: Container) -> bool:
        """False when it already runs."""
        with self.lock:
            if container.status == "paused":
                raise EngineError(409, "cannot start a paused container, try unpause instead")
            if container.status == "running":
                return False
            container.restarts = 0
            self._launch(container)
            return True

    def _launch(self, container: Container) -> None:
        program = self._program(container)
        self._ports.publish(container)
        for name, endpoint in container.networks.items():
            self.networks.find(name).connect(container.id, container.name, endpoint)
        begun(container, next(self._pids))
        container.become("running")
        self.tell(container, "start")
        self._later(container, FIRST_OUTPUT_SECONDS, program)

    def _program(self, container: Container) -> Run:
        pairs = (each.partition("=") for each in container.config["Env"])
        environment = {name: value for name, _, value in pairs}
        around = Surroundings(environment, container.config["Hostname"], container.stdin.decode(errors="replace"))
        try:
            return execute(_served(container), around)
        except CommandNotFoundError as exc:
            container.exit_code, container.error = 127, _not_found(str(exc))
            raise EngineError(400, container.error) from exc

    def _later(self, container: Container, seconds: float, program: Run) -> None:
        run = container.run
        self._clock.after(seconds, lambda: self._go_on(container, run, program))

    def _go_on(self, container: Container, run: int, program: Run) -> None:
        if container.run != run or container.status not in {"running", "paused"}:
            return
        if container.status == "paused":
            self._later(container, PAUSED_LOOK_SECONDS, program)
            return
        try:
            self._until_pause(container, program)
        except StopIteration as end:
            self._exited(container, int(end.value))

    def _until_pause(self, container: Container, program: Run) -> None:
        """StopIteration, with the exit code, when the program ends."""
        while not isinstance(happened := next(program), Pause):
            self._write(container, happened)
        if happened.seconds < threading.TIMEOUT_MAX:
            self._later(container, happened.seconds, program)

    @staticmethod
    def _write(container: Container, output: Output) -> None:
        container.write("stdout" if container.tty else output.stream, output.text)

    def feed(self, container: Container, stdin: bytes) -> None:
        """The input of an interactive container is complete: it does what it was told."""
        with self.lock:
            container.stdin = stdin
            container.run += 1
            self._later(container, 0.0, self._program(container))

    def _exited(self, container: Container, code: int) -> None:
        with self.lock:
            self._halt(container, code)
            if container.host["AutoRemove"]:
                self._forget(container)
            elif self._restarts(container, code):
                self._restart_later(container)

    def _halt(self, container: Container, code: int) -> None:
        self._ports.release(container)
        for name, endpoint in container.networks.items():
            self.networks.find(name).disconnect(container.id, endpoint)
        container.exit_code, container.finished = code, time.time()
        container.become("exited")
        self.tell(container, "die", {"exitCode": str(code)})

    @staticmethod
    def _restarts(container: Container, code: int) -> bool:
        policy = container.host["RestartPolicy"]
        if container.stopped_by_hand:
            return False
        if policy["Name"] == "on-failure":
            allowed = policy["MaximumRetryCount"]
            return code != 0 and (not allowed or container.restarts < allowed)
        return policy["Name"] in {"always", "unless-stopped"}

    def _restart_later(self, container: Container) -> None:
        wait = min(RESTART_SECONDS * 2**container.restarts, LONGEST_RESTART_SECONDS)
        container.restarts += 1
        container.become("restarting")
        run = container.run
        self._clock.after(wait, lambda: self._restart_now(container, run))

    def _restart_now(self, container: Container, run: int) -> None:
        with self.lock:
            if container.status == "restarting" and container.run == run:
                self._relaunch(container)

    def _relaunch(self, container: Container) -> None:
        try:
            self._launch(container)
        except EngineError as exc:
            container.error = exc.message
            container.become("exited")

    def stop(self, container: Container) -> bool:
        """False when it does not run."""
        with self.lock:
            if not container.running:
                return False
            container.stopped_by_hand = True
            self._exit_by_hand(container, exit_code_of_stop(container))
            self.tell(container, "stop")
            return True

    def kill(self, container: Container, signal: int) -> None:
        with self.lock:
            if not container.running:
                raise EngineError(
                    409, f"cannot kill container: {container.id}: container {container.id} is not running"
                )
            self.tell(container, "kill", {"signal": str(signal)})
            if signal in {1, 10, 12, 28}:
                return
            container.stopped_by_hand = True
            self._exit_by_hand(container, 128 + signal)

    def _exit_by_hand(self, container: Container, code: int) -> None:
        if container.status == "restarting":
            container.run += 1
            container.become("exited")
            return
        self._halt(container, code)
        if container.host["AutoRemove"]:
            self._forget(container)

    def restart(self, container: Container) -> None:
        with self.lock:
            if container.running:
                self._halt(container, exit_code_of_stop(container))
            self._launch(container)
            self.tell(container, "restart")

    def pause(self, container: Container) -> None:
        with self.lock:
            if container.status == "paused":
                raise EngineError(409, f"container {container.id} is already paused")
            if container.status != "running":
                raise EngineError(409, f"container {container.id} is not running")
            container.become("paused")
            self.tell(container, "pause")

    def unpause(self, container: Container) -> None:
        with self.lock:
            if container.status != "paused":
                raise EngineError(500, f"Container {container.id} is not paused")
            container.become("running")
            self.tell(container, "unpause")

    def remove(self, container: Container, force: bool) -> None:
        with self.lock:
            if container.running and not force:
                state = "paused" if container.status == "paused" else "running"
                hint = f"container is {state}: stop the container before removing or force remove"
                raise EngineError(409, f'cannot remove container "/{container.name}": {hint}')
            if container.running:
                container.stopped_by_hand = True
                self._halt(container, 137)
            self._forget(container)

    def _forget(self, container: Container) -> None:
        if self._containers.pop(container.id, None) is not None:
            container.become("removing")
            self.tell(container, "destroy")

    def holds(self, container: Container) -> bool:
        return container.id in self._containers

    def user_of(self, uses: Callable[[Container], bool]) -> str:
        """The id of a container of which it is true; empty when there is none."""
        return next((each.id for each in self._containers.values() if uses(each)), "")

    def power_off(self) -> None:
        """The node goes down: what runs ends, and remembers that nobody stopped it by hand."""
        with self.lock:
            for container in self.containers():
                if container.running:
                    self._halt(container, exit_code_of_stop(container))

    def power_on(self) -> None:
        with self.lock:
            self.started = time.time()
            for container in self.containers():
                policy = container.host["RestartPolicy"]["Name"]
                if policy == "always" or (policy == "unless-stopped" and not container.stopped_by_hand):
                    self._relaunch(container)

    def tell(self, container: Container, action: str, more: dict[str, str] | None = None) -> None:
        attributes = {
            **container.config["Labels"],
            "image": container.config["Image"],
            "name": container.name,
        }
        self.events.record("container", action, container.id, attributes | (more or {}))


def _served(container: Container) -> list[str]:
    """The command without the entrypoint script of public images; an open terminal keeps a shell waiting."""
    argv = container.argv
    if argv and argv[0].endswith("docker-entrypoint.sh") and len(argv) > 1:
        argv = argv[1:]
    shell = len(argv) == 1 and argv[0].rsplit("/", 1)[-1] in {"sh", "bash", "ash"}
    return ["sleep", "infinity"] if shell and container.config["OpenStdin"] and not container.stdin else argv


def _not_found(command: str) -> str:
    return (
        "failed to create task for container: failed to create shim task: OCI runtime create failed:"
        " runc create failed:"
        f' unable to start container process: exec: "{command}": executable file not found in $PATH: unknown'
    )
