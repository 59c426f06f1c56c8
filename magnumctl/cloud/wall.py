"""What Nova, Neutron, Cinder and Octavia refuse, in the words of a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from keystoneauth1 import exceptions as ksa

from magnumctl.errors import CloudError

SAYINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (ksa.Unauthorized, "Keystone no longer accepts this token", "run the same command again"),
    (ksa.Forbidden, "{service} does not allow these credentials to {deed}", "ask the cloud's operator for a role"),
    (ksa.NotFound, "{service} cannot {deed}: there is no such thing", "magnumctl plan"),
    (ksa.TooManyRequests, "{service} asks to be asked less often", "wait a minute, then run the same command"),
    (ksa.RequestEntityTooLarge, "the project's quota at {service} is used up", "magnumctl plan"),
    (ksa.Conflict, "{service} cannot {deed} at this moment", "run the same command again"),
    (ksa.SSLError, "the TLS certificate of {service} is not trusted", "set cacert of the cloud in clouds.yaml"),
    (ksa.ConnectTimeout, "{service} did not answer in time", "run the same command again"),
    (ksa.ConnectionError, "{service} cannot be reached", "magnumctl doctor"),
    (ksa.RetriableConnectionFailure, "{service} cannot be reached", "magnumctl doctor"),
    (ksa.CatalogException, "this cloud does not offer {service} in this region", "magnumctl doctor"),
    (ksa.DiscoveryFailure, "{service} does not say which versions it speaks", "magnumctl doctor"),
    (ksa.ImpliedVersionMismatch, "{service} speaks another version", "magnumctl doctor"),
    (ksa.AuthPluginException, "these credentials cannot be used with {service}", "magnumctl doctor"),
    (ksa.HttpServerError, "{service} failed to {deed}", "run the same command again; else tell the cloud's operator"),
    (ksa.HttpError, "{service} refused to {deed}", "magnumctl doctor"),
    (ksa.ClientException, "{service} cannot be used", "magnumctl doctor"),
)
"""The special before the general: the first class that fits speaks."""


@contextmanager
def translated(service: str, deed: str) -> Iterator[None]:
    """`service` as people call it (Nova), `deed` what was asked of it (list servers)."""
    try:
        yield
    except tuple(kind for kind, _, _ in SAYINGS) as exc:
        raise in_words(exc, service, deed) from exc
    except ValueError as exc:
        raise CloudError(
            f"{service} did not answer in JSON", detail=f"asked to {deed}", hint="magnumctl doctor"
        ) from exc


def in_words(exc: Exception, service: str, deed: str) -> CloudError:
    summary, hint = next((summary, hint) for kind, summary, hint in SAYINGS if isinstance(exc, kind))
    return CloudError(summary.format(service=service, deed=deed), detail=cause_of(exc), hint=hint)


def cause_of(exc: BaseException) -> str:
    """Of a failed connection the system's own word, which lies innermost; four libraries have wrapped it."""
    if not isinstance(exc, ksa.ConnectionError):
        return str(exc)
    innermost: BaseException = exc
    while inner := innermost.__cause__ or innermost.__context__:
        innermost = inner
    return str(innermost)
