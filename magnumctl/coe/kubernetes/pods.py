"""The pods of one bay, each by its name in the blueprint, or by the name that Kubernetes gave to one of a set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from magnumctl.coe.contract import WorkloadStatus
from magnumctl.coe.details import Deed, PodDetail
from magnumctl.coe.logs import Logs, LogWish
from magnumctl.coe.sessions import ExecWish, Piece, Session
from magnumctl.errors import NotReadyError, WorkloadNotFoundError, WorkloadRejectedError
from magnumctl.manifests.marks import BAY

from .deletion import delete
from .instances import events, instance, named, path_of
from .nodes import name_in_bay
from .objects import Live, Objects
from .pod_readiness import pod_readiness
from .refusal import Refused
from .statuses import images_of, seen

Json = Mapping[str, Any]


class Pods:
    """WorkloadNotFoundError for a name that the bay does not hold."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._api = objects.api

    def names(self) -> tuple[str, ...]:
        """Of the blueprint's, and of each pod."""
        lives = [live.name for live in self._objects.inventory() if live.kind == "pod"]
        return tuple(sorted({*lives, *(pod["metadata"]["name"] for pod in self._all())}))

    def show(self, name: str) -> PodDetail:
        lives, pods = self._found(name)
        metadata = (pods[0] if pods else lives[0].body)["metadata"]
        namespace = metadata.get("namespace", "")
        return PodDetail(
            status=seen(self._objects, lives)[0].status if lives else self._status(pods[0]),
            namespace=namespace,
            objects=tuple(live.reference for live in lives),
            pods=tuple(instance(self._api.bay, pod) for pod in pods),
            events=events(self._events(namespace), lives, pods),
        )

    def logs(self, name: str, wish: LogWish) -> Logs:
        """Of every pod of a set, and of every container unless one is named."""
        _, pods = self._found(name)
        if not pods:
            raise self._none_runs(name)
        chosen = [(pod, each["name"]) for pod in pods for each in self._containers(name, pod, wish.container)]
        several = any(len(pod["spec"]["containers"]) > 1 for pod in pods)
        return {
            f"{pod['metadata']['name']}/{container}" if several else str(pod["metadata"]["name"]): self._log(
                name, pod, container, wish
            )
            for pod, container in chosen
        }

    def exec(self, name: str, wish: ExecWish) -> Session:
        """In a pod that is ready, if one of the set is."""
        from .channels import ChannelsRefusedError  # noqa: PLC0415 as slow to import as the `kubernetes` package
        from .exec_session import ExecSession  # noqa: PLC0415
        from .refusal import refusal  # noqa: PLC0415

        pods = [pod for pod in self._found(name)[1] if "deletionTimestamp" not in pod["metadata"]]
        if not pods:
            raise self._none_runs(name)
        pod = next((pod for pod in pods if pod_readiness(pod).state == "ready"), pods[0])
        self._containers(name, pod, wish.container)
        try:
            return ExecSession(self._api, path_of(pod), wish)
        except ChannelsRefusedError as exc:
            said = refusal(self._api.bay, exc.status, exc.body)
            raise self._rejected(name, "no command can run in", said) from exc

    def delete(self, name: str) -> Deed:
        lives, pods = self._found(name)
        return delete(self._objects, name, lives or [Live(self._pod_resource(), pod) for pod in pods])

    def _all(self) -> tuple[Json, ...]:
        return self._objects.list("/api/v1/pods", f"{BAY}={self._objects.bay_uuid}")

    def _found(self, name: str) -> tuple[list[Live], tuple[Json, ...]]:
        """What the blueprint's pod is made of (nothing for the name of one pod of a set), and its pods."""
        lives = [live for live in self._objects.inventory() if (live.kind, live.name) == ("pod", name)]
        pods = named(self._all(), name)
        if not lives and not pods:
            raise WorkloadNotFoundError(
                f"bay {self._api.bay} holds no pod {name}",
                detail=f"it holds {', '.join(self.names()) or 'none'}",
                hint="magnumctl apply, when the blueprint has it",
            )
        return lives, pods

    def _status(self, pod: Json) -> WorkloadStatus:
        ready = pod_readiness(pod)
        node = name_in_bay(self._api.bay, pod["spec"].get("nodeName") or "")
        return WorkloadStatus("pod", pod["metadata"]["name"], ready.state, ready.message, node, images_of(pod)[0])

    def _events(self, namespace: str) -> Sequence[Json]:
        try:
            return tuple(self._api.get(f"/api/v1/namespaces/{quote(namespace)}/events").get("items") or ())
        except Refused:
            return ()

    def _containers(self, name: str, pod: Json, asked: str | None) -> list[Json]:
        spec = pod["spec"]
        everyone = [*spec["containers"], *(spec.get("initContainers") or ())]
        if asked is None:
            return list(spec["containers"])
        found = [each for each in everyone if each["name"] == asked]
        if not found:
            raise WorkloadNotFoundError(
                f"bay {self._api.bay}: pod {name} has no container {asked}",
                detail=f"it has {', '.join(each['name'] for each in everyone)}",
            )
        return found

    def _log(self, name: str, pod: Json, container: str, wish: LogWish) -> Iterator[Piece]:
        path = f"{path_of(pod)}/log?{urlencode(asked_of_log(container, wish))}"
        try:
            for content in self._api.listen(path):
                yield Piece("stdout", content)
        except Refused as exc:
            raise self._rejected(name, "there is no log of", exc) from exc

    def _rejected(self, name: str, what: str, said: Refused) -> WorkloadRejectedError:
        bay = self._api.bay
        return WorkloadRejectedError(
            f"bay {bay}: {what} pod {name}", detail=said.message, hint=f"magnumctl pod show {name} --bay {bay}"
        )

    def _none_runs(self, name: str) -> NotReadyError:
        bay = self._api.bay
        return NotReadyError(f"bay {bay}: no pod of {name} is there", hint=f"magnumctl pod show {name} --bay {bay}")

    def _pod_resource(self) -> Any:
        return self._objects.find("v1", "Pod")


def asked_of_log(container: str, wish: LogWish) -> dict[str, str]:
    asked = {"container": container}
    if wish.follow:
        asked["follow"] = "true"
    if wish.previous:
        asked["previous"] = "true"
    if wish.tail is not None:
        asked["tailLines"] = str(wish.tail)
    if wish.since_seconds is not None:
        asked["sinceSeconds"] = str(max(1, round(wish.since_seconds)))
    return asked
