"""English or Spanish, or neither clearly."""

from pathlib import Path

import pytest

from helpline import safety

SAFETY = safety.load(Path(__file__).parents[3] / "data" / "safety")
SPANISH = [
    *("hola", "ayuda", "gracias", "Necesito ayuda", "¿Puedo tomar xanax con alcohol?", "me quiero morir"),
    *("mi amigo no despierta", "no puedo dejar de tomar", "quiero dejar de beber", "hablan español?"),
    *("mi hijo tomó muchas pastillas", "¿cuánto cuesta?", "donde hay un centro", "estoy muy mal", "tengo miedo"),
    *("tome 3 xanax y dos percocet", "es peligroso mezclar xanax y percocet", "soy de mexico y necesito detox"),
    *("MI ESPOSO ESTÁ TOMANDO MUCHO", "ya llamé al 911", "se tomó todas las pastillas"),
]
ENGLISH = [
    *("can i mix xanax and percocet", "i need help", "what is kratom", "my friend is not waking up", "how are you"),
    *("I want to quit", "do you take insurance", "can my son get in", "is it ok to take tylenol with ibuprofen"),
    *("no i dont have narcan", "im in san diego and i need detox", "what is la croix", "does el paso have a center"),
    *("can i take a xanax con percocet", "the del mar clinic told me to call"),
]
UNCLEAR = [
    *("", "...", "xanax", "percocet 10", "ok", "no", "y", "o", "narcan", "klonopin percocet", "😭", "911", "hmm"),
    *("si" * 40, "Ελληνικά", "日本語"),
]


@pytest.mark.parametrize("text", SPANISH)
def test_spanish(text: str) -> None:
    assert SAFETY.triage(text).language == "es"


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str) -> None:
    assert SAFETY.triage(text).language == "en"


@pytest.mark.parametrize("text", UNCLEAR)
def test_unclear(text: str) -> None:
    assert SAFETY.triage(text).language == ""
