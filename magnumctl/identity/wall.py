"""keystoneauth1's and openstacksdk's failures in the words of a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from keystoneauth1 import exceptions as ksa
from openstack.exceptions import SDKException

from magnumctl.errors import IdentityError


@dataclass(frozen=True)
class Place:
    """What an error speaks of: the cloud, where it is written down, and its Keystone."""

    cloud: str
    file: str
    auth_url: str = ""


SAYINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (ksa.Unauthorized, "Keystone refused the credentials of cloud {cloud}", "check them in {file}"),
    (ksa.Forbidden, "Keystone does not let the user of cloud {cloud} do this", "ask the cloud's operator for a role"),
    (ksa.NotFound, "{auth_url} is not a Keystone v3", "check auth_url of {cloud} in {file}: it often ends in /v3"),
    (ksa.BadRequest, "Keystone does not understand the credentials of cloud {cloud}", "check them in {file}"),
    (
        ksa.SSLError,
        "the TLS certificate of {auth_url} is not trusted",
        "set cacert of {cloud} in {file} to the CA's certificate",
    ),
    (ksa.ConnectTimeout, "{auth_url} did not answer in time", "check the network and auth_url of {cloud} in {file}"),
    (ksa.ConnectionError, "{auth_url} cannot be reached", "check the network and auth_url of {cloud} in {file}"),
    (
        ksa.RetriableConnectionFailure,
        "{auth_url} cannot be reached",
        "check the network and auth_url of {cloud} in {file}",
    ),
    (ksa.MissingRequiredOptions, "the credentials of cloud {cloud} are not complete", "add what is missing to {file}"),
    (ksa.NoMatchingPlugin, "cloud {cloud} has an auth_type that nobody knows", "correct it in {file}"),
    (ksa.AuthPluginException, "the credentials of cloud {cloud} cannot be used", "check them in {file}"),
    (
        ksa.DiscoveryFailure,
        "{auth_url} does not answer as Keystone does",
        "check auth_url of {cloud} in {file}: it often ends in /v3",
    ),
    (ksa.ImpliedVersionMismatch, "{auth_url} is of another version than asked for", "check {file}"),
    (ksa.CatalogException, "cloud {cloud} does not offer that service", "check region_name of {cloud} in {file}"),
    (ksa.HttpServerError, "the Keystone of cloud {cloud} failed", "try again; if it stays so, tell its operator"),
    (ksa.HttpError, "Keystone refused the request to cloud {cloud}", "check {file}"),
    (ksa.ClientException, "cloud {cloud} cannot be used", "check {file}"),
    (SDKException, "the settings of cloud {cloud} are wrong", "correct them in {file}"),
)
"""The special before the general: the first class that fits speaks."""


@contextmanager
def translated(place: Place) -> Iterator[None]:
    try:
        yield
    except tuple(kind for kind, _, _ in SAYINGS) as exc:
        raise in_words(exc, place) from exc


def in_words(exc: Exception, place: Place) -> IdentityError:
    names = {"cloud": place.cloud, "file": place.file, "auth_url": place.auth_url or "its auth_url"}
    kind = ksa.Unauthorized if is_refusal(exc) else type(exc)
    summary, hint = next((summary, hint) for known, summary, hint in SAYINGS if issubclass(kind, known))
    return IdentityError(summary.format(**names), detail=cause_of(exc), hint=hint.format(**names))


def is_refusal(exc: Exception) -> bool:
    """Of a token or an application credential that it does not know, Keystone says 404, "Could not find" it."""
    return isinstance(exc, ksa.NotFound) and str(exc).startswith("Could not ")


def cause_of(exc: BaseException) -> str:
    """Of a failed connection the system's own word, which lies innermost; four libraries have wrapped it."""
    if not isinstance(exc, ksa.ConnectionError):
        return str(exc)
    innermost: BaseException = exc
    while inner := innermost.__cause__ or innermost.__context__:
        innermost = inner
    return str(innermost)
