"""What a joining node runs before kubeadm, against servers that answer as a bay's API does."""

from __future__ import annotations

import http.server
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from magnumctl.compiler.templates import render
from magnumctl.pki import new_secrets
from tests.components.certificates import write_serving

API = "127.66.0.2"
UNSIGNED, OTHERS = '{"data": {}}', '{"data": {"jws-kubeconfig-zzzzzz": "x"}}'
SIGNED = '{"data": {"jws-kubeconfig-abcdef": "x"}}'


def awaited(folder: Path, answers: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The script's end, with these answers one after another, the last again and again; none: nobody listens."""
    config, script = folder / "kubeadm.yaml", folder / "await-api"
    config.write_text('discovery:\n  bootstrapToken:\n    token: "abcdef.0123456789abcdef"\n')
    script.write_text(render("await-api.py.j2", silent_seconds=0.6, unsigned_seconds=0.6))
    with api(folder, answers):
        words = [sys.executable, str(script), API, str(config)]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)


@contextmanager
def api(folder: Path, answers: Sequence[str]) -> Iterator[None]:
    if not answers:
        yield
        return
    secrets = new_secrets("kubernetes", [])
    assert secrets.kubernetes
    with served(API, write_serving(folder, secrets.kubernetes.ca, [API]), answers):
        yield


@contextmanager
def served(address: str, certificate: tuple[Path, Path], answers: Sequence[str]) -> Iterator[None]:
    """At port 6443 these answers, one after another, the last again and again."""
    left = list(answers)

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write((left.pop(0) if len(left) > 1 else left[0]).encode())

        def log_message(self, *_: object) -> None: ...

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with http.server.ThreadingHTTPServer((address, 6443), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_a_node_joins_when_its_token_is_signed(tmp_path: Path) -> None:
    """Not at the first answer, which comes before the controllers of a young bay have signed."""
    assert awaited(tmp_path, [UNSIGNED, SIGNED]).returncode == 0


def test_a_token_that_the_bay_does_not_know_is_a_reason(tmp_path: Path) -> None:
    """Of a bay that answers, but has signed for another token alone, the node gives up with that reason."""
    done = awaited(tmp_path, [OTHERS])
    assert (done.returncode, done.stderr) == (
        1,
        "the bay's API does not know the token with which this node would join\n",
    )


def test_an_api_that_never_answers_is_a_reason(tmp_path: Path) -> None:
    """The reason has the address, and what the network said."""
    done = awaited(tmp_path, [])
    assert (done.returncode, done.stderr) == (
        1,
        f"the bay's API at {API}:6443 does not answer: <urlopen error [Errno 111] Connection refused>\n",
    )
