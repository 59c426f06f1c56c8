"""What the engine says of itself: version, info, disk usage."""

from __future__ import annotations

import datetime as dt
import time

from magnumctl.sandbox.nodes.docker.container import summary_view
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.times import stamp
from magnumctl.sandbox.nodes.docker.versions import API_VERSION, KERNEL, MINIMUM_VERSION, SERVER_VERSION
from magnumctl.sandbox.nodes.http import Json

SYSTEM = "Debian GNU/Linux 12 (bookworm)"


def version_view() -> Json:
    build = dt.datetime(2025, 1, 22, tzinfo=dt.UTC).isoformat()
    details = {
        "ApiVersion": API_VERSION, "Arch": "amd64", "BuildTime": build, "Experimental": "false", "GitCommit": "sandbox",
        "GoVersion": "go1.22", "KernelVersion": KERNEL, "MinAPIVersion": MINIMUM_VERSION, "Os": "linux",
    }  # fmt: skip
    engine = {"Name": "Engine", "Version": SERVER_VERSION, "Details": details}
    return {
        "Platform": {"Name": "Docker Engine - Community"}, "Components": [engine], "Version": SERVER_VERSION,
        "ApiVersion": API_VERSION, "MinAPIVersion": MINIMUM_VERSION, "GitCommit": "sandbox", "GoVersion": "go1.22",
        "Os": "linux", "Arch": "amd64", "KernelVersion": KERNEL, "BuildTime": build,
    }  # fmt: skip


def info_view(engine: Engine) -> Json:
    states = [each.status for each in engine.containers()]
    return {
        "ID": engine.name, "Name": engine.name, "Containers": len(states), "Images": len(engine.images.all()),
        "ContainersRunning": sum(state in {"running", "restarting"} for state in states),
        "ContainersPaused": states.count("paused"),
        "ContainersStopped": sum(state in {"created", "exited", "dead"} for state in states),
        "Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]], "SystemTime": stamp(time.time()),
        "Plugins": {"Volume": ["local"], "Network": ["bridge", "host", "null"], "Authorization": None,
        "Log": ["json-file"]},
        "MemoryLimit": True, "SwapLimit": True, "CpuCfsPeriod": True, "CpuCfsQuota": True, "CPUShares": True,
        "CPUSet": True,
        "PidsLimit": True, "IPv4Forwarding": True, "Debug": False, "NFd": 20, "OomKillDisable": False,
        "NGoroutines": 30,
        "LoggingDriver": "json-file", "CgroupDriver": "systemd", "CgroupVersion": "2", "NEventsListener": 0,
        "KernelVersion": KERNEL, "OperatingSystem": SYSTEM, "OSVersion": "12", "OSType": "linux",
        "Architecture": "x86_64",
        "IndexServerAddress": "", "RegistryConfig": {"IndexConfigs": {}, "InsecureRegistryCIDRs": [], "Mirrors": []},
        "NCPU": 2, "MemTotal": 2 * 1024**3, "DockerRootDir": "/var/lib/docker", "HttpProxy": "", "HttpsProxy": "",
        "NoProxy": "",
        "Labels": [], "ExperimentalBuild": False, "ServerVersion": SERVER_VERSION,
        "Runtimes": {"runc": {"path": "runc"}},
        "DefaultRuntime": "runc", "Swarm": {"LocalNodeState": "inactive", "ControlAvailable": False,
        "RemoteManagers": None},
        "LiveRestoreEnabled": False, "Isolation": "", "InitBinary": "docker-init",
        "SecurityOptions": ["name=seccomp,profile=builtin"],
        "ContainerdCommit": {"ID": ""}, "RuncCommit": {"ID": ""}, "InitCommit": {"ID": ""}, "Warnings": None,
    }  # fmt: skip


def usage_view(engine: Engine) -> Json:
    return {
        "LayersSize": sum(int(image.summary()["Size"]) for image in engine.images.all()),
        "Images": [image.summary() for image in engine.images.all()],
        "Containers": [summary_view(each) | {"SizeRw": 0, "SizeRootFs": 0} for each in engine.containers()],
        "Volumes": [volume | {"UsageData": {"RefCount": 0, "Size": 0}} for volume in engine.volumes.all()],
        "BuildCache": [],
    }
