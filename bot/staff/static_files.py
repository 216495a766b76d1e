"""Style sheets and scripts, read once at the start; everybody may have them, they hold nothing of anybody."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.staff.page import Page

KINDS = {".css": "text/css", ".js": "text/javascript"}
FOLDER = Path(__file__).parent / "static"
FILES = {file.name: file.read_bytes() for file in sorted(FOLDER.iterdir()) if file.suffix in KINDS}


async def static_file(request: Request) -> Response:
    """One of the files."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response(status_code=404)
    kind = KINDS[Path(name).suffix]
    return Response(FILES[name], media_type=kind, headers={"Cache-Control": "public, max-age=300"})


async def alive(request: Request) -> Response:
    """For whoever watches the process."""
    return Response("ok", media_type="text/plain")


PAGES = (Page("/static/{name}", static_file, ""), Page("/health/live", alive, ""))
