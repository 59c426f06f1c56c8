"""The kubelets of a cluster: pods that were given a node start, run their commands, end, and are reported."""

from __future__ import annotations

from dataclasses import dataclass, field

from magnumctl.sandbox.nodes.docker.images import usual_config
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.container_run import ContainerRun, image_obstacle
from magnumctl.sandbox.nodes.kubernetes.environment import ConfigError, environment_of
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, name_of, namespace_of, now, uid_of
from magnumctl.sandbox.nodes.kubernetes.pod_status import pod_status
from magnumctl.sandbox.nodes.kubernetes.pods import POD
from magnumctl.sandbox.nodes.program import CommandNotFoundError, Output, Pause, Run, Surroundings, execute
from magnumctl.sandbox.nodes.references import parse_reference

NODE = find_built_in("Node")
START_SECONDS, PULL_BACKOFF_SECONDS, TERMINATION_SECONDS, RETRY_SECONDS = 0.25, 0.4, 0.15, 2.0
LAST_LINES_BYTES = 2048


@dataclass
class PodRun:
    namespace: str
    name: str
    node: str
    address: str
    containers: dict[str, ContainerRun]
    init: dict[str, ContainerRun]
    started: str = field(default_factory=now)
    ending: bool = False


class Kubelets:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._runs: dict[str, PodRun] = {}

    def find(self, pod: Json) -> PodRun | None:
        return self._runs.get(uid_of(pod))

    def look(self) -> None:
        """Called after each change of the store, with it locked."""
        present = {uid_of(pod): pod for pod in self._cluster.store.peek(POD)}
        for gone in self._runs.keys() - present.keys():
            self._stop(self._runs.pop(gone))
        for uid, pod in present.items():
            self._care(uid, pod)

    def _care(self, uid: str, pod: Json) -> None:
        name = pod["spec"].get("nodeName") or ""
        member = self._cluster.members.get(name)
        if name and self._cluster.store.find(NODE, "", name) is None:
            # A pod of a node that was taken out of the cluster.
            self._cluster.store.remove(POD, namespace_of(pod), name_of(pod))
        elif member is None or not member.on:
            self._abandon(uid, pod)
        elif is_going(pod):
            self._terminate(uid, pod)
        elif uid not in self._runs:
            self._admit(uid, pod, member.networks, member.address)
        else:
            self._follow(uid, pod)

    def _abandon(self, uid: str, pod: Json) -> None:
        """A pod of a node that is away stays as it was."""
        if pod["spec"].get("nodeName") and is_going(pod) and uid not in self._runs:
            self._cluster.store.remove(POD, namespace_of(pod), name_of(pod))

    def _admit(self, uid: str, pod: Json, networks: list[str], node_address: str) -> None:
        if at(pod, "status.phase") in {"Succeeded", "Failed"}:
            return
        taken = {run.address for run in self._runs.values()}
        hosted = pod["spec"].get("hostNetwork")
        address = node_address if hosted else self._cluster.pods.address(networks[0], taken)
        spec = pod["spec"]
        self._runs[uid] = PodRun(
            namespace_of(pod),
            name_of(pod),
            spec["nodeName"],
            address,
            {each["name"]: ContainerRun(each["name"], each["image"]) for each in spec["containers"]},
            {each["name"]: ContainerRun(each["name"], each["image"]) for each in spec.get("initContainers") or ()},
        )
        self._report(uid)
        self._cluster.clock.after(START_SECONDS, lambda: self._locked(self._start, uid))

    def _locked(self, act: object, uid: str, *more: object) -> None:
        with self._cluster.lock:
            if uid in self._runs and callable(act):
                act(uid, *more)

    def _pod(self, uid: str) -> Json | None:
        run = self._runs[uid]
        pod = self._cluster.store.find(POD, run.namespace, run.name)
        return pod if pod is not None and uid_of(pod) == uid else None

    def _start(self, uid: str) -> None:
        pod, run = self._pod(uid), self._runs[uid]
        if pod is None or run.ending:
            return
        if not self._initialised(uid, pod, run):
            self._report(uid)
            return
        for container in run.containers.values():
            if "waiting" in container.state:
                self._start_container(uid, pod, container)
        self._report(uid)

    def _initialised(self, uid: str, pod: Json, run: PodRun) -> bool:
        for name, container in run.init.items():
            if container.ended and container.exit_code == 0:
                continue
            spec = next(each for each in pod["spec"]["initContainers"] if each["name"] == name)
            program = self._launch(uid, pod, spec, container)
            if program is None or not self._run_at_once(uid, pod, container, program):
                return False
        return True

    def _run_at_once(self, uid: str, pod: Json, container: ContainerRun, program: Run) -> bool:
        """An init container does its work in no time: whatever it would wait for has come."""
        container.begin(program)
        code = 0
        for happened in _until_forever(program):
            if isinstance(happened, int):
                code = happened
            elif isinstance(happened, Output):
                container.write(happened.text)
        container.end(code, "")
        if code and pod["spec"].get("restartPolicy") != "Never":
            self._crash(uid, pod, container)
        return code == 0

    def _start_container(self, uid: str, pod: Json, container: ContainerRun) -> None:
        spec = next(each for each in pod["spec"]["containers"] if each["name"] == container.name)
        program = self._launch(uid, pod, spec, container)
        if program is None:
            return
        container.begin(program)
        container.ready = self._probes_well(pod, spec)
        self._say(pod, "Started", f"Started container {container.name}")
        self._later(uid, container, 0.0)

    def _launch(self, uid: str, pod: Json, spec: Json, container: ContainerRun) -> Run | None:
        """None, and the container waits with a reason, when it cannot start."""
        container.image = spec["image"]
        reason, message = image_obstacle(container.image)
        if reason:
            self._image_fails(uid, pod, container, reason, message)
            return None
        try:
            return execute(_command(spec), Surroundings(environment_of(self._cluster.store, pod, spec), name_of(pod)))
        except ConfigError as exc:
            container.wait("CreateContainerConfigError", str(exc))
            self._say(pod, "Failed", f"Error: {exc}", warning=True)
            self._cluster.clock.after(RETRY_SECONDS, lambda: self._locked(self._start, uid))
        except CommandNotFoundError as exc:
            said = f'exec: "{exc}": executable file not found in $PATH'
            container.end(128, f"failed to create containerd task: failed to create shim task: {said}")
            container.state["terminated"]["reason"] = "StartError"
            self._say(pod, "Failed", f"Error: {container.state['terminated']['message']}", warning=True)
            self._ended(uid, pod, container)
        return None

    def _image_fails(self, uid: str, pod: Json, container: ContainerRun, reason: str, message: str) -> None:
        if container.state.get("waiting", {}).get("reason") == "ImagePullBackOff":
            return
        container.wait(reason, message)
        self._say(pod, "Failed", f'Failed to pull image "{container.image}": {message}', warning=True)
        if reason == "ErrImagePull":
            self._cluster.clock.after(
                PULL_BACKOFF_SECONDS, lambda: self._locked(self._back_off_pulling, uid, container)
            )

    def _back_off_pulling(self, uid: str, container: ContainerRun) -> None:
        held = container.state.get("waiting", {})
        pod = self._pod(uid)
        if held.get("reason") == "ErrImagePull" and pod is not None:
            said = f'Back-off pulling image "{container.image}"'
            container.wait("ImagePullBackOff", f"{said}: ErrImagePull: {held.get('message', '')}")
            self._say(pod, "BackOff", said)
            self._report(uid)

    def _probes_well(self, pod: Json, spec: Json) -> bool:
        """Only a probe that runs a command can be told to fail here."""
        command = at(spec, "readinessProbe.exec.command", [])
        try:
            program = execute(command, Surroundings({}, name_of(pod))) if command else iter(())
            well = not any(isinstance(each, int) and each for each in _until_forever(program)) if command else True
        except CommandNotFoundError:
            well = False
        if not well:
            self._say(pod, "Unhealthy", "Readiness probe failed: ", warning=True)
        return well

    def _later(self, uid: str, container: ContainerRun, seconds: float) -> None:
        turn = container.turn
        self._cluster.clock.after(seconds, lambda: self._locked(self._go_on, uid, container, turn))

    def _go_on(self, uid: str, container: ContainerRun, turn: int) -> None:
        if container.turn != turn or not container.running or container.program is None:
            return
        try:
            while not isinstance(happened := next(container.program), Pause):
                container.write(happened.text)
        except StopIteration as end:
            self._exited(uid, container, int(end.value))
            return
        if happened.seconds < float("inf"):
            self._later(uid, container, happened.seconds)

    def _exited(self, uid: str, container: ContainerRun, code: int) -> None:
        pod = self._pod(uid)
        if pod is None:
            return
        spec = next(each for each in pod["spec"]["containers"] if each["name"] == container.name)
        speaks = code and spec.get("terminationMessagePolicy") == "FallbackToLogsOnError"
        container.end(code, "".join(line.text for line in container.lines)[-LAST_LINES_BYTES:] if speaks else "")
        self._ended(uid, pod, container)
        self._report(uid)

    def _ended(self, uid: str, pod: Json, container: ContainerRun) -> None:
        policy = pod["spec"].get("restartPolicy", "Always")
        if policy == "Always" or (policy == "OnFailure" and container.exit_code):
            self._crash(uid, pod, container)

    def _crash(self, uid: str, pod: Json, container: ContainerRun) -> None:
        container.last = container.state
        if container.restarts:
            whom = f"container={container.name} pod={name_of(pod)}_{namespace_of(pod)}({uid})"
            container.wait("CrashLoopBackOff", f"back-off 10s restarting failed {whom}")
            self._say(
                pod,
                "BackOff",
                f"Back-off restarting failed container {container.name} in pod {whom[whom.index('pod=') + 4 :]}",
                warning=True,
            )
        turn = container.turn
        self._cluster.clock.after(container.backoff, lambda: self._locked(self._restart, uid, container, turn))

    def _restart(self, uid: str, container: ContainerRun, turn: int) -> None:
        run = self._runs[uid]
        if container.turn == turn and not container.running and not run.ending:
            container.restarts += 1
            container.wait("ContainerCreating") if container.ended else None
            self._start(uid)

    def _follow(self, uid: str, pod: Json) -> None:
        """A running pod changed: a new image restarts its container."""
        run = self._runs[uid]
        for spec in pod["spec"]["containers"]:
            container = run.containers[spec["name"]]
            if container.image != spec["image"] and not run.ending:
                container.image = spec["image"]
                if container.running:
                    container.end(0, "")
                    container.last = container.state
                    container.restarts += 1
                container.wait("ContainerCreating")
                self._cluster.clock.after(START_SECONDS, lambda: self._locked(self._start, uid))

    def _terminate(self, uid: str, pod: Json) -> None:
        run = self._runs.get(uid)
        if run is None:
            self._remove(pod)
        elif not run.ending:
            run.ending = True
            for name in run.containers:
                self._say(pod, "Killing", f"Stopping container {name}")
            wait = 0.0 if pod["metadata"].get("deletionGracePeriodSeconds") == 0 else TERMINATION_SECONDS
            self._cluster.clock.after(wait, lambda: self._locked(self._bury, uid))

    def _bury(self, uid: str) -> None:
        pod = self._pod(uid)
        self._stop(self._runs.pop(uid))
        if pod is not None:
            self._remove(pod)

    def _remove(self, pod: Json) -> None:
        finalizers = pod["metadata"].get("finalizers")
        if finalizers:
            held = self._cluster.store.get(POD, namespace_of(pod), name_of(pod))
            if held["metadata"].get("deletionGracePeriodSeconds"):
                held["metadata"]["deletionGracePeriodSeconds"] = 0
                self._cluster.store.put(POD, held)
        else:
            self._cluster.store.remove(POD, namespace_of(pod), name_of(pod))

    @staticmethod
    def _stop(run: PodRun) -> None:
        run.ending = True
        for container in run.containers.values():
            container.turn += 1
            if container.running:
                container.end(0, "")

    def node_stopped(self, node: str) -> None:
        """Its pods are gone from memory; they start anew, as restarts, when it comes back."""
        for uid in [uid for uid, run in self._runs.items() if run.node == node]:
            self._stop(self._runs.pop(uid))

    def _report(self, uid: str) -> None:
        pod = self._pod(uid)
        if pod is None:
            return
        run, member = self._runs[uid], self._cluster.members[self._runs[uid].node]
        status = pod_status(pod, list(run.containers.values()), list(run.init.values()), run.address, run.started)
        status["hostIP"], status["hostIPs"] = member.address, [{"ip": member.address}]
        if status != pod.get("status"):
            self._cluster.store.put(POD, pod | {"status": status})

    def _say(self, pod: Json, reason: str, message: str, warning: bool = False) -> None:
        self._cluster.events.say(pod, "kubelet", reason, message, warning)


def _command(spec: Json) -> list[str]:
    """Kubernetes' command and args over the image's entrypoint and cmd."""
    image = usual_config(parse_reference(spec["image"]).program)
    command = list(spec.get("command") or ())
    given = spec.get("args")
    own = image["Cmd"] if not command else []
    argv = [*command, *(own if given is None else given)]
    if not command and given is not None and image["Cmd"] and argv and argv[0].startswith("-"):
        argv = [image["Cmd"][0], *argv]
    return argv


def _until_forever(program: object) -> list[Output | int]:
    """Everything that happens up to an endless wait, and the exit code when the program ends by itself."""
    happened: list[Output | int] = []
    try:
        while len(happened) < LAST_LINES_BYTES:
            step = next(program)  # type: ignore[call-overload]
            if isinstance(step, Pause) and step.seconds == float("inf"):
                return happened
            if isinstance(step, Output):
                happened.append(step)
    except StopIteration as end:
        happened.append(int(end.value or 0))
    return happened
