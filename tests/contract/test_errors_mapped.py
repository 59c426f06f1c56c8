"""No exception of an SDK passes its wall untranslated."""

from __future__ import annotations

import inspect
import sqlite3

import pytest
from keystoneauth1 import exceptions as ksa
from openstack import exceptions as sdk

import magnumctl.cloud.wall
import magnumctl.identity.wall
import magnumctl.ledger.wall
from magnumctl.errors import CloudError, IdentityError, LedgerError, MagnumctlError
from magnumctl.identity.wall import Place

PLACE = Place("lab", "clouds.yaml", "https://keystone.example:5000/v3")


def classes(module: object) -> list[type[Exception]]:
    found = {kind for _, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, Exception)}
    return sorted(found, key=lambda kind: kind.__name__)


def blank(kind: type[Exception]) -> Exception:
    """An instance without the arguments that each class wants in its own way."""
    return kind.__new__(kind)


def sentence(error: MagnumctlError) -> tuple[bool, bool]:
    """A summary of one line without holes, and a hint."""
    return ("{" not in error.summary and "\n" not in error.summary, bool(error.hint) and "{" not in error.hint)


@pytest.mark.parametrize("kind", classes(ksa), ids=lambda kind: kind.__name__)
def test_keystoneauth1_in_identity(kind: type[Exception]) -> None:
    """Every class, a new one of a later release too, is an IdentityError with a hint."""
    with pytest.raises(IdentityError) as error, magnumctl.identity.wall.translated(PLACE):
        raise blank(kind)
    assert sentence(error.value) == (True, True)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in classes(sdk) if not issubclass(kind, sdk.HttpException)],
    ids=lambda kind: kind.__name__,
)
def test_openstacksdk_in_identity(kind: type[Exception]) -> None:
    """The config loader raises a few of them, and none of HTTP: it sends nothing."""
    with pytest.raises(IdentityError) as error, magnumctl.identity.wall.translated(PLACE):
        raise blank(kind)
    assert sentence(error.value) == (True, True)


@pytest.mark.parametrize("kind", classes(ksa), ids=lambda kind: kind.__name__)
def test_keystoneauth1_in_cloud(kind: type[Exception]) -> None:
    """Every class is a CloudError that names the service."""
    with pytest.raises(CloudError) as error, magnumctl.cloud.wall.translated("Neutron", "list ports"):
        raise blank(kind)
    assert sentence(error.value) == (True, True)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in classes(sqlite3) if issubclass(kind, sqlite3.DatabaseError)],
    ids=lambda kind: kind.__name__,
)
def test_sqlite_in_the_ledger(kind: type[sqlite3.DatabaseError], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every class is a LedgerError that names the file."""
    path = tmp_path_factory.getbasetemp() / "ledger.db"
    with pytest.raises(LedgerError) as error, magnumctl.ledger.wall.translated(path):
        raise kind("cause")
    assert (sentence(error.value), str(path) in error.value.summary) == ((True, True), True)


def test_the_special_stands_before_the_general() -> None:
    """No line of a table can never be reached, because a base class stands above it."""
    for sayings in (magnumctl.identity.wall.SAYINGS, magnumctl.cloud.wall.SAYINGS):
        kinds = [kind for kind, _, _ in sayings]
        hidden = [later for place, later in enumerate(kinds) if issubclass(later, tuple(kinds[:place]))]
        assert hidden == []
