"""What an alert says: its kind, when, and where in the console it leads; the words stand in the files beside this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from bot.settings import Settings
from bot.store.alerts import CALLBACK, CRISIS, Alert

HERE = Path(__file__).parent
WORDS = {kind: Template((HERE / f"{kind}.txt").read_text(encoding="utf-8")) for kind in (CRISIS, CALLBACK)}


@dataclass(frozen=True)
class Notice:
    """An alert for people: one line, more lines, and where it leads."""

    subject: str
    body: str
    link: str


def notice(settings: Settings, alert: Alert) -> Notice:
    """The words of an alert."""
    page = "callbacks" if alert.kind == CALLBACK else f"conversations/{alert.conversation}"
    link = f"{settings.staff_base_url}/{page}"
    at = datetime.fromtimestamp(alert.created_at / 1000, ZoneInfo(settings.helpline_timezone))
    said = WORDS[alert.kind].substitute(helpline=settings.helpline_name, when=f"{at:%H:%M}", link=link)
    subject, _, body = said.partition("\n")
    return Notice(subject, body, link)
