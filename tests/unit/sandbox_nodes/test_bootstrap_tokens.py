from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from magnumctl.sandbox.nodes.kubernetes.bootstrap_tokens import SECRET, token_secret, tokens_in_force
from magnumctl.sandbox.nodes.kubernetes.store import Store

TOKEN = "abcdef.0123456789abcdef"
NOW = dt.datetime.now(dt.UTC)


def in_force(body: dict[str, Any]) -> frozenset[str]:
    store = Store(lambda: None)
    store.add(SECRET, body)
    return tokens_in_force(store)


@pytest.mark.parametrize(
    ("ttl", "age", "found"),
    [
        ("24h0m0s", dt.timedelta(hours=23), {TOKEN}),
        ("24h0m0s", dt.timedelta(hours=25), set()),
        ("1h30m", dt.timedelta(minutes=89), {TOKEN}),
        ("1h30m", dt.timedelta(minutes=91), set()),
        ("0s", dt.timedelta(days=900), {TOKEN}),
    ],
)
def test_a_token_lets_in_until_it_expires(ttl: str, age: dt.timedelta, found: set[str]) -> None:
    """As kubeadm's ttl says; 0s is for ever."""
    assert in_force(token_secret({"token": TOKEN, "ttl": ttl}, NOW - age)) == found


def test_a_token_that_may_only_sign_lets_nobody_in() -> None:
    """Its usages say what it is good for."""
    assert in_force(token_secret({"token": TOKEN, "usages": ["signing"]}, NOW)) == set()


def test_a_secret_that_is_no_token_lets_nobody_in() -> None:
    """The type counts, and what cannot be read is none."""
    good = token_secret({"token": TOKEN}, NOW)
    assert in_force({**good, "type": "Opaque"}) == set()
    assert in_force({**good, "data": {**good["data"], "expiration": "!"}}) == set()
