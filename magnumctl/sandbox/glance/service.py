from __future__ import annotations

import html

from magnumctl.sandbox.glance import images
from magnumctl.sandbox.keystone.service import TITLES
from magnumctl.sandbox.keystone.service import refusal as keystone_refusal
from magnumctl.sandbox.router import Route, Service
from magnumctl.sandbox.wire import Call, RefusedError, Reply

ROUTES = (
    Route("GET", "/", images.versions, public=True),
    Route("GET", "/versions", images.versions, public=True),
    Route("GET", "/v2", images.versions, public=True),
    Route("GET", "/v2/schemas/{name}", images.schema),
    Route("GET", "/v2/images", images.index),
    Route("POST", "/v2/images", images.create),
    Route("GET", "/v2/images/{id}", images.show),
    Route("PATCH", "/v2/images/{id}", images.update),
    Route("DELETE", "/v2/images/{id}", images.delete),
    Route("PUT", "/v2/images/{id}/file", images.upload),
    Route("GET", "/v2/images/{id}/file", images.download),
    Route("PUT", "/v2/images/{id}/tags/{tag}", images.add_tag),
    Route("DELETE", "/v2/images/{id}/tags/{tag}", images.drop_tag),
    Route("GET", "/v2/images/{id}/members", images.members),
)


_PAGE = """<html>
 <head>
  <title>{title}</title>
 </head>
 <body>
  <h1>{title}</h1>
  {message}<br /><br />
 </body>
</html>"""


def refusal(refused: RefusedError) -> Reply:
    """Glance speaks HTML."""
    if refused.status == 401:  # noqa: PLR2004 - said by keystonemiddleware, in Keystone's shape
        return keystone_refusal(refused)
    title = f"{refused.status} {TITLES.get(refused.status, 'Error')}"
    page = _PAGE.format(title=title, message=html.escape(refused.message))
    return Reply(page.encode(), refused.status, {"Content-Type": "text/html; charset=UTF-8"})


def forbidden(_call: Call) -> str:
    return "You are not authorized to complete this action."


SERVICE = Service("image", "/image", ROUTES, refusal, forbidden)
