"""What a form sent."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST, SECONDS = 64 * 1024, 10.0
KIND = "application/x-www-form-urlencoded"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name; raises HTTPException when it is no form or too long."""
    length = request.headers.get("content-length", "")
    if request.headers.get("content-type", KIND).partition(";")[0].strip() != KIND:
        raise HTTPException(415)
    if not length.isdigit() or int(length) > MOST:
        raise HTTPException(413 if length.isdigit() else 411)
    try:
        body = (await asyncio.wait_for(request.body(), SECONDS)).decode()
        if "%00" in body or "\0" in body:
            raise HTTPException(400)
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=200))
    except asyncio.TimeoutError:
        raise HTTPException(408) from None
    except ValueError:
        raise HTTPException(400) from None
