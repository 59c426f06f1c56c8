"""The door: HTTP/1.1 with connections that stay open, one thread each, every service under one port."""

from __future__ import annotations

import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from magnumctl.sandbox import access, faults
from magnumctl.sandbox.faults import Fault
from magnumctl.sandbox.router import Match, Router, Service
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, RefusedError, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class ConnectionCutError(Exception):
    """A fault wants this connection to break without an answer."""


class Application:
    """The WSGI side: request -> service -> route -> reply."""

    def __init__(self, cloud: Cloud, services: tuple[Service, ...]) -> None:
        self._cloud = cloud
        self._router = Router(services)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        call = call_from(request)
        reply = self._reply(call)
        payload = reply.payload()
        headers = {"Content-Type": "application/json", **reply.headers, "Content-Length": str(len(payload))}
        response = Response(b"" if call.method == "HEAD" else payload, reply.status, headers)
        response.automatically_set_content_length = False
        return response(environ, start_response)

    def _reply(self, call: Call) -> Reply:
        if call.path.startswith("/sandbox/faults"):
            return self._administration(call)
        match = self._router.match(call.method, call.path)
        if match is None:
            return Reply({"error": {"code": 404, "title": "Not Found", "message": f"no service at {call.path}"}}, 404)
        struck = self._cloud.faults.hit(match.service.name, call)
        spoiled = spoil(struck) if struck else None
        return spoiled or self._served(match, call)

    def _administration(self, call: Call) -> Reply:
        try:
            return faults.answer(self._cloud.faults, call)
        except RefusedError as refused:
            return Reply({"error": refused.message}, refused.status)

    def _served(self, match: Match, call: Call) -> Reply:
        try:
            reply = self._answered(match, call)
        except RefusedError as refused:
            reply = match.service.refusal(refused)
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            reply = match.service.refusal(misread(call, exc))
        except Exception:  # noqa: BLE001 - a bug of ours is a 500 of the service, as in a real cloud
            traceback.print_exc(file=sys.stderr)
            reply = match.service.refusal(RefusedError(500, "Unexpected API Error."))
        reply.headers.update(access.version_headers(match.service, call))
        reply.headers.setdefault("X-Openstack-Request-Id", f"req-{time.monotonic_ns():x}")
        return reply

    def _answered(self, match: Match, call: Call) -> Reply:
        route = match.route
        with self._cloud.lock:
            if route is None or not route.public:
                call.caller = access.authenticated(self._cloud, call)
            if route is None:
                raise RefusedError(405 if match.other_method else 404, "The resource could not be found.")
            call.parts = match.parts
            call.microversion = access.microversion(match.service, call)
            access.permit(match.service, route, call)
            reply = route.answer(self._cloud, call)
        return reply.body() if callable(reply.body) else reply


def misread(call: Call, error: Exception) -> RefusedError:
    """Services read bodies as their schemas say: what does not fit is the mistake of the caller who sent one."""
    traceback.print_exception(error, file=sys.stderr)
    if call.body:
        return RefusedError(400, f"Invalid request body: {type(error).__name__} {error}", "HTTPBadRequest")
    return RefusedError(500, "Unexpected API Error.")


def spoil(fault: Fault) -> Reply | None:
    """What the fault makes of the call; None when it only slows it down."""
    time.sleep(fault.delay)
    if fault.reset:
        raise ConnectionCutError
    if not fault.status:
        return None
    if isinstance(fault.body, str):
        return Reply(fault.body.encode(), fault.status, {"Content-Type": "text/plain", **fault.headers})
    return Reply(fault.body, fault.status, dict(fault.headers))


def call_from(request: Request) -> Call:
    return Call(
        method=request.method,
        path=request.path,
        root_url=request.host_url.rstrip("/"),
        query={name: request.args.getlist(name) for name in request.args},
        headers=request.headers,
        body=request.get_data(),
    )


class KeepAliveHandler(WSGIRequestHandler):
    """werkzeug's own handler closes every connection after one answer; Terraform makes hundreds of calls."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            chunks = self.server.app(environ, self._start)
            self.wfile.writelines(chunks)
            self.wfile.flush()
        except ConnectionCutError:
            self._cut()
        except ConnectionError:
            self.close_connection = True

    def _start(self, status: str, headers: list[tuple[str, str]], _exc: Any = None) -> Callable[[bytes], Any]:
        code, _, reason = status.partition(" ")
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.close_connection = True
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def _cut(self) -> None:
        """SO_LINGER 0: the peer sees a reset, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Quiet: the clients say what they do."""


def listen(host: str, port: int, application: Application) -> ThreadedWSGIServer:
    """Port 0: a free one; the server's `port` says which."""
    return ThreadedWSGIServer(host, port, application, handler=KeepAliveHandler)
