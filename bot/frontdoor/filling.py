"""Fill the blanks of our own pages: settings, and sentences from the table of the widget's words."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Mapping
from pathlib import Path

from bot.settings import Settings

LANGUAGES = ("en", "es")
BLANK = re.compile(r"\{\{([\w-]+)\}\}")
ONLY_CONSOLE = re.compile(r"<!-- console -->(.*?)<!-- end -->", re.DOTALL)
SHORT = re.compile(r"\b(911|988)\b")
Sentences = Mapping[str, Mapping[str, str]]


def load_sentences(table: Path) -> Sentences:
    """Every sentence of widget.csv, by key and language."""
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["key"]: {each: row[each] for each in LANGUAGES} for row in csv.DictReader(rows)}


def fill(page: str, settings: Settings, sentences: Sentences) -> str:
    """A page with every blank filled: `{{NAME}}` is a setting, `{{key}}` a sentence in both languages.

    What stands between `<!-- console -->` and `<!-- end -->` stays only while no text is really sent.
    """
    fields = _fields(settings)
    page = ONLY_CONSOLE.sub(r"\1" if settings.sms_provider == "console" else "", page)
    return BLANK.sub(lambda found: fields.get(found[1]) or _both(found[1], fields, sentences), page)


def _fields(settings: Settings) -> dict[str, str]:
    digits = re.sub(r"\D", "", settings.helpline_phone)
    fields = {
        "HELPLINE_NAME": settings.helpline_name,
        "HELPLINE_PHONE": settings.helpline_phone,
        "HELPLINE_TEL": f"tel:+1{digits}" if len(digits) == 10 else f"tel:{digits}",
        "SMS_NUMBER": settings.sms_number,
        "PUBLIC_BASE_URL": settings.public_base_url,
    }
    return {name: html.escape(value) for name, value in fields.items()}


def _both(key: str, fields: Mapping[str, str], sentences: Sentences) -> str:
    if key in fields:
        return ""  # a setting that is empty
    said = sentences[key]
    return " ".join(f'<span lang="{each}">{_linked(html.escape(said[each]), fields)}</span>' for each in LANGUAGES)


def _linked(sentence: str, fields: Mapping[str, str]) -> str:
    """A sentence with numbers that can be tapped."""
    call = f'<a href="{fields["HELPLINE_TEL"]}">{fields["HELPLINE_PHONE"]}</a>'
    short = SHORT.sub(r'<a href="tel:\1">\1</a>', sentence)
    return short.replace("{phone}", call).replace("{name}", fields["HELPLINE_NAME"])
