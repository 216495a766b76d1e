"""What staff find of a conversation follows what was said in it, at once."""

from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.store import Store
from bot.store.records import Answer, Words
from bot.store.staff import StaffStore
from bot.store.staff_tables import facets, notes, summaries
from tests.bot.store.talks import ALARM, ASKED, said, talk, understood


def summary(staff: StaffStore, conversation: str) -> Any:
    return staff.look(lambda db: db.execute(select(summaries).filter_by(conversation_id=conversation)).first())


def found(staff: StaffStore, conversation: str) -> set[tuple[str, str]]:
    rows = staff.look(lambda db: db.execute(select(facets).filter_by(conversation_id=conversation)).all())
    return {(row.kind, row.value) for row in rows}


def test_a_summary_says_the_worst_of_all_that_was_heard(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", understood=understood("ask_interaction", 0.9, "alcohol", severity="dangerous"))
    first = summary(reading, here)
    assert (first.messages, first.concern, first.urgency) == (1, "none", 0)
    assert (first.severity, first.graveness) == ("dangerous", 6)
    assert (first.escalated, first.fallback, first.review, first.assignee) == (False, False, "new", None)
    talk(talking, "a", understood=understood("ask_cost", 0.42, severity="check"), concern="suicide_passive")
    talk(talking, "a", understood=understood("greet", 0.8), concern="withdrawal_danger")
    row = summary(reading, here)
    assert (row.messages, row.severity, row.urgency, row.confidence, row.tenth) == (3, "dangerous", 2, 0.42, 4)
    assert row.concern == "suicide_passive"
    assert row.started_at == first.started_at and row.last_at > first.last_at
    assert not row.fallback


def test_the_hour_is_that_of_the_helpline(talking: Store, reading: StaffStore, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 7, 4, 3, 30, tzinfo=timezone.utc)
    monkeypatch.setattr("bot.store.journal._now", lambda: int(at.timestamp() * 1000))
    assert summary(reading, talk(talking, "a")).hour == 23  # in New York


@pytest.mark.parametrize(
    "heard", [{"outcome": "timeout"}, {"understood": understood("nlu_fallback", 0.3, fallback=True)}]
)
def test_what_was_not_understood_or_not_answered_is_a_fallback(
    talking: Store, reading: StaffStore, heard: dict[str, Any]
) -> None:
    here = talk(talking, "a", **heard)
    talk(talking, "a")
    assert summary(reading, here).fallback


def test_an_alarm_and_a_call_back_escalate(talking: Store, reading: StaffStore) -> None:
    turn = said(talking, "a", "he is not breathing", alarm=ALARM, concern="overdose_other", level="emergency")
    row = summary(reading, turn.conversation)
    assert (row.escalated, row.concern, row.urgency) == (True, "overdose_other", 3)
    assert summary(reading, talk(talking, "b", callback=ASKED)).escalated


def test_facets_are_substances_intents_and_drugs_that_nobody_knows(talking: Store, reading: StaffStore) -> None:
    heard = understood("ask_interaction", 0.9, "alcohol", "alcohol", unknown=["zorbex", "555-123-4567"])
    heard["entities"].append({"entity": "substance", "value": "clonidine", "certain": False})
    here = talk(talking, "a", understood=heard)
    wanted = {("substance", "alcohol"), ("intent", "ask_interaction"), ("unknown", "zorbex")}
    assert found(reading, here) == wanted
    talk(talking, "a", understood=heard)
    assert found(reading, here) == wanted


def test_a_late_answer_counts_too(talking: Store, reading: StaffStore) -> None:
    turn = said(talking, "a", "hello")
    talking.finish(turn, Answer([Words("card")], "timeout", 3)).result()
    late = Answer([Words("hi")], "answered_late", 4, understood("ask_cost", 0.7, "alcohol"), context={"language": "es"})
    talking.append_late(turn, late).result()
    row = summary(reading, turn.conversation)
    assert (row.confidence, row.language, row.fallback) == (0.7, "es", True)
    assert ("substance", "alcohol") in found(reading, turn.conversation)


def test_clearing_the_chat_leaves_nothing(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", understood=understood("ask_cost", 0.9, "alcohol"))
    note = {"conversation_id": here, "author": "ann", "at": 1, "text_encrypted": b"x"}
    reading.change(lambda db: db.execute(notes.insert().values(**note)))
    talking.clear(here, 5).result()
    assert summary(reading, here) is None and found(reading, here) == set()
    assert reading.look(lambda db: db.execute(select(notes)).all()) == []


def test_what_is_from_before_is_summed_up_the_same(talking: Store, reading: StaffStore) -> None:
    heard = understood("ask_interaction", 0.4, "alcohol", severity="serious", fallback=True)
    more = {"understood": heard, "concern": "suicide_passive", "context": {"language": "es"}}
    ids = [talk(talking, f"t{n}", **more) for n in range(5)]
    talk(talking, "t0", callback=ASKED)
    kept = {each: (tuple(summary(reading, each)), found(reading, each)) for each in ids}
    reading.change(lambda db: (db.execute(delete(facets)), db.execute(delete(summaries))))
    assert [talking.sum_up(3).result() for _ in range(3)] == [3, 2, 0]
    assert {each: (tuple(summary(reading, each)), found(reading, each)) for each in ids} == kept


def test_a_message_in_an_old_conversation_counts_what_was_before(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", understood=understood("ask_cost", 0.9, "alcohol"))
    reading.change(lambda db: (db.execute(delete(facets)), db.execute(delete(summaries))))
    said(talking, "a", "are you there")
    assert summary(reading, here).messages == 2
    assert ("substance", "alcohol") in found(reading, here)
