"""Who we are to a cloud."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from urllib.parse import urlsplit

from keystoneauth1.access import AccessInfo
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session
from openstack.config.cloud_region import CloudRegion

from magnumctl.errors import IdentityError

from .clouds import find_cloud
from .terraform import SPOKEN_BY_THE_PROVIDER, credential_variables, token_variables, transport_variables
from .wall import Place, translated


@dataclass(frozen=True)
class Caller:
    """`expires_at` is when the token ends: UTC, ISO 8601."""

    project_id: str
    project_name: str
    user_id: str
    user_name: str
    region: str
    auth_url: str
    roles: tuple[str, ...]
    expires_at: str


class Identity:
    """One cloud and one credential. Keystone is asked when `caller` is first wanted, and then not again."""

    def __init__(self, region: CloudRegion, place: Place, environ: Mapping[str, str]) -> None:
        self._region = region
        self._place = place
        self._environ = environ

    def __repr__(self) -> str:
        return f"Identity(cloud={self.cloud!r})"

    @property
    def cloud(self) -> str:
        return self._place.cloud

    @cached_property
    def session(self) -> Session:
        with translated(self._place):
            return self._region.get_session()

    @cached_property
    def caller(self) -> Caller:
        """IdentityError when Keystone does not answer, refuses, or gives a token without a project."""
        access = self._access
        if not access.project_id:
            raise IdentityError(
                f"the credentials of cloud {self.cloud} name no project",
                detail=f"Keystone gave {access.username or 'them'} a token of no project",
                hint=f"add project_name (and project_domain_name) to {self.cloud} in {self._place.file}",
            )
        return Caller(
            project_id=access.project_id,
            project_name=access.project_name or "",
            user_id=access.user_id or "",
            user_name=access.username or "",
            region=self._chosen_region(access),
            auth_url=self._place.auth_url,
            roles=tuple(access.role_names or ()),
            expires_at=access.expires.isoformat(timespec="seconds") if access.expires else "",
        )

    @property
    def region(self) -> str:
        return self.caller.region

    @property
    def interface(self) -> str:
        """Which of a service's endpoints this cloud is reached at: public, internal or admin."""
        configured = self._region.get_interface()
        first = configured[0] if isinstance(configured, list) else configured
        return (first or "public").removesuffix("URL")

    def terraform_environment(self) -> dict[str, str]:
        """The variables that make the provider the same caller. Secrets: for a child's environment and nothing else."""
        caller = self.caller
        verify, cert = self._region.get_requests_verify_args()
        return {
            **self._credential(caller),
            **transport_variables(verify, cert, self._environ),
            "OS_REGION_NAME": caller.region,
            "OS_ENDPOINT_TYPE": self.interface,
        }

    def local_address(self) -> str:
        """The address that packets from here to Keystone carry; none is sent."""
        parts = urlsplit(self._place.auth_url)
        try:
            host = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_DGRAM)[0]
            with socket.socket(host[0], socket.SOCK_DGRAM) as probe:
                probe.connect(host[4])
                return str(probe.getsockname()[0])
        except OSError as exc:
            raise IdentityError(
                f"there is no way from here to {parts.hostname}", detail=str(exc), hint="check the network"
            ) from exc

    @property
    def _auth(self) -> BaseIdentityPlugin:
        auth = self.session.auth
        if not isinstance(auth, BaseIdentityPlugin):
            raise IdentityError(
                f"cloud {self.cloud} is used without Keystone (auth_type {self._region.config.get('auth_type')})",
                hint=f"give {self.cloud} in {self._place.file} credentials of a project",
            )
        return auth

    @cached_property
    def _access(self) -> AccessInfo:
        with translated(self._place):
            return self._auth.get_access(self.session)

    def _credential(self, caller: Caller) -> dict[str, str]:
        if self._region.config.get("auth_type") in SPOKEN_BY_THE_PROVIDER:
            return credential_variables(self._region.config["auth"])
        with translated(self._place):
            token = self._auth.get_token(self.session)
        return token_variables(caller.auth_url, token or "", caller.project_id)

    def _chosen_region(self, access: AccessInfo) -> str:
        """The configured one, if the catalog has it; else the catalog's only one."""
        offered = regions_of(access)
        configured = self._region.get_region_name()
        if configured in offered or not offered:
            return configured or ""
        if not configured and len(offered) == 1:
            return offered[0]
        raise self._wrong_region(configured, offered)

    def _wrong_region(self, configured: str | None, offered: tuple[str, ...]) -> IdentityError:
        near = get_close_matches(configured or "", offered, n=1)
        said = f"did you mean {near[0]}? " if near else ""
        summary = f"has no region {configured}" if configured else "has several regions, and none is chosen"
        return IdentityError(
            f"cloud {self.cloud} {summary}",
            detail=f"{said}it has {', '.join(offered)}",
            hint=f"set region_name of {self.cloud} in {self._place.file}",
        )


def regions_of(access: AccessInfo) -> tuple[str, ...]:
    catalog = access.service_catalog.catalog if access.has_service_catalog() else []
    regions = {endpoint.get("region_id") or endpoint.get("region") for row in catalog for endpoint in row["endpoints"]}
    return tuple(sorted(region for region in regions if region))


def connect(cloud: str | None, environ: Mapping[str, str]) -> Identity:
    """`cloud`, else OS_CLOUD, else the OS_* variables, else the only cloud of clouds.yaml. Asks nobody yet."""
    region, place = find_cloud(cloud, environ)
    return Identity(region, Place(place.cloud, place.file, auth_url_of(region, place)), environ)


def auth_url_of(region: CloudRegion, place: Place) -> str:
    """With a vendor's profile the URL is known only now."""
    return str(region.config.get("auth", {}).get("auth_url") or place.auth_url)
