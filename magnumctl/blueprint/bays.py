"""Bays laid over their baymodels become the bays of the model; what cannot stand in one bay is told."""

from __future__ import annotations

from . import model
from .bay_mismatches import MergedBay, mismatches, network_of, warnings_of
from .composer import compose
from .document_bay import BayDocument, BayFields, BaymodelDocument, MergedBayDocument
from .expansion import Expanded
from .files import NamedFiles
from .manifest import Manifests
from .node_groups import node_groups
from .problems import Problems, UnreadableError, did_you_mean
from .tree import MappingNode, laid_over
from .wording import Reading, Subject

MERGED = frozenset({"api", "kubernetes", "labels"})
"""Keys whose mappings a bay overrides key by key; any other key it replaces."""


class Bays:
    """`bays` are the sound ones by name; `names` all that were written, sound or not."""

    def __init__(self, problems: Problems, reading: Reading, files: NamedFiles, manifests: Manifests) -> None:
        self._problems = problems
        self._reading = reading
        self._files = files
        self._manifests = manifests
        self._baymodels: dict[str, Subject | None] = {}
        self.bays: dict[str, model.Bay] = {}
        self.names: set[str] = set()
        self.warnings: list[str] = []

    def add_baymodel(self, expanded: Expanded) -> None:
        document = self._reading.read(BaymodelDocument, expanded.subject)
        self._baymodels[expanded.name] = expanded.subject if document else None

    @property
    def baymodels(self) -> tuple[str, ...]:
        """The names of the sound ones, used or not."""
        return tuple(name for name, subject in self._baymodels.items() if subject)

    def add(self, expanded: Expanded) -> None:
        self.names.add(expanded.name)
        merged = self._merged(expanded)
        if merged is None:
            return
        self._tell_all(merged)
        self.bays[merged.name] = self._resolved(merged)
        self.warnings += warnings_of(merged)

    def _merged(self, expanded: Expanded) -> MergedBay | None:
        over = expanded.subject.node
        name = over.text_of("baymodel") if isinstance(over, MappingNode) else None
        if name and name not in self._baymodels:
            hint = did_you_mean(name, self._baymodels, "baymodels")
            self._tell(expanded.subject, ("baymodel",), f"there is no baymodel {name}", hint)
        document = self._reading.read(BayDocument, expanded.subject)
        base = self._baymodels.get(name) if name else None
        if document is None or base is None:
            return None
        if not isinstance(base.node, MappingNode) or not isinstance(over, MappingNode):
            return None
        subject = Subject(expanded.subject.path, expanded.subject.key, laid_over(base.node, over, MERGED))
        merged = self._reading.read(MergedBayDocument, subject)
        return MergedBay(expanded.name, subject, merged, expanded) if merged else None

    def _tell(self, subject: Subject, route: tuple[str, ...], message: str, hint: str = "") -> None:
        self._problems.add(subject.place_at(*route), message, hint, subject.path_to(*route))

    def _tell_all(self, bay: MergedBay) -> None:
        for wrong in mismatches(bay):
            self._tell(bay.subject, wrong.route, wrong.message, wrong.hint)

    def _resolved(self, bay: MergedBay) -> model.Bay:
        document = bay.document
        return model.Bay(
            name=bay.name,
            baymodel=document.baymodel,
            coe=document.coe,
            external_network=document.external_network,
            dns_nameservers=document.dns_nameservers or (),
            keypair=document.keypair,
            network=network_of(document),
            api=_api(document),
            kubernetes=self._kubernetes(bay) if document.coe == "kubernetes" else None,
            user_data=self._user_data(bay) if document.user_data else None,
            node_groups=tuple(node_groups(document)),
            labels=document.labels,
            protect=bool(document.protect),
        )

    def _kubernetes(self, bay: MergedBay) -> model.Kubernetes:
        written = bay.document.kubernetes
        if written is None:
            return model.Kubernetes()
        settings = model.Kubernetes(
            version=written.version,
            pod_cidr=written.pod_cidr,
            service_cidr=written.service_cidr,
            install=written.install,
        )
        if written.cni == "flannel":
            return settings
        if written.cni == "none":
            return settings.model_copy(update={"cni": "none"})
        route = ("kubernetes", "cni")
        manifest = self._manifests.read(
            written.cni, bay.subject.place_at(*route), bay.subject.path_to(*route), bay.expanded.variables
        )
        return settings.model_copy(update={"cni": "manifest", "cni_manifest": manifest.text if manifest else ""})

    def _user_data(self, bay: MergedBay) -> str | None:
        name, path = str(bay.document.user_data), bay.subject.path_to("user_data")
        found = self._files.read(name, bay.subject.place_at("user_data"), path)
        if found is None:
            return None
        file, text = found
        if not text.startswith("#cloud-config"):
            message = f"{name} is no cloud-config: its first line must be #cloud-config"
            self._tell(bay.subject, ("user_data",), message)
            return None
        try:
            root = compose(file, text, self._problems)
        except UnreadableError as exc:
            self._problems.unreadable(exc)
            return None
        if not isinstance(root, MappingNode):
            self._tell(bay.subject, ("user_data",), f"{name} is no cloud-config: it must be a mapping")
        return text


def _api(document: BayFields) -> model.Api:
    return (
        model.Api(endpoint=document.api.endpoint, allowed_cidrs=document.api.allowed_cidrs)
        if document.api
        else model.Api()
    )
