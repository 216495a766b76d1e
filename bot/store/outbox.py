"""The outbox: texts that are written in the transaction of what they answer, claimed, sent, and reported on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.clock import DAY, now
from bot.store.handoffs import store_link
from bot.store.phones import Phones, change, opt_out
from bot.store.records import QueuedText, Text, Texts, UnsentText
from bot.store.tables import phones, texts
from helpline.sms import shown

LOOKED_AT = 1000  # open texts; with more of them the newest wait for the next look
# What goes out to a number that opted out: its confirmation, and what may save a life when it writes again itself.
ALARM = "alarm"
ALWAYS = (ALARM, "confirmation")
UNSENT = ("failed", "suppressed")
# The provider's words in the order in which they can come; reports overtake each other.
RANK = {"accepted": 0, "scheduled": 0, "queued": 0, "sending": 1, "sent": 2}
LAST = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
OPTED_OUT = "21610"
LONGEST_AHEAD = 15 * 60 * 1000  # longer than the longest pause between two attempts
MOST_A_DAY = 5  # texts to a number that did not write


class Outbox:
    """Every text on its way out."""

    def __init__(self, cipher: Cipher, book: Phones) -> None:
        self._cipher = cipher
        self._phones = book

    def queue(self, db: Connection, phone_id: str, conversation: str | None, once: str, said: Texts) -> None:
        """Queue texts to a number, under what makes them one, and store the link that they hold."""
        for part, body in enumerate(said.bodies):
            key, at = f"{once}:{part}", now()
            row = {"phone_id": phone_id, "conversation_id": conversation, "once": key, "kind": said.kind}
            sealed = self._cipher.seal(body, about_body(key))
            fresh = {"state": "queued", "attempts": 0, "uncertain": False, "due_at": at, "created_at": at}
            db.execute(insert(texts).values(**row, body_encrypted=sealed, changed_at=at, **fresh))
        if said.link is not None:
            store_link(db, phone_id, conversation, said.link)

    def claim(self, db: Connection, most: int, ordinary: int) -> list[Text]:
        """At most so many texts that are due, of which no more than `ordinary` are no alarms, marked as being sent.

        Alarms go first, and of each number only the first open text.
        """
        waiting = [row for row in db.execute(_open_texts()) if not _suppressed(db, row)]
        busy = {row.phone_id for row in waiting if row.state == "sending"}
        claimed: list[Row] = []
        for row in waiting:
            room = most if row.kind == ALARM else min(most, ordinary + sum(each.kind == ALARM for each in claimed))
            if row.phone_id not in busy and _due(row) and len(claimed) < room:
                claimed.append(row)
            busy.add(row.phone_id)
        return [text for row in claimed if (text := self._claimed(db, row)) is not None]

    def waits(self, db: Connection) -> bool:
        """Whether any text is queued."""
        return db.execute(select(texts.c.id).where(texts.c.state == "queued").limit(1)).first() is not None

    def sent(self, db: Connection, text_id: int, provider_id: str) -> None:
        """The provider took it; a report may have come before this is known."""
        row = db.execute(select(texts.c.state).where(texts.c.id == text_id)).first()
        if row is not None:
            state = {} if row.state in ("delivered", "failed") else {"state": "sent"}
            _change(db, text_id, provider_id=provider_id, uncertain=False, reason=None, **state)

    def later(self, db: Connection, text_id: int, seconds: float, reason: str, uncertain: bool) -> None:
        """It is due again after so many seconds."""
        here = and_(texts.c.id == text_id, texts.c.state == "sending")
        values = {"state": "queued", "due_at": now() + int(seconds * 1000), "reason": reason, "uncertain": uncertain}
        db.execute(update(texts).where(here).values(changed_at=now(), **values))

    def failed(self, db: Connection, text_id: int, reason: str, opted_out: bool) -> None:
        """It will not be sent; staff see why. The provider may have said that the number opted out."""
        here = and_(texts.c.id == text_id, texts.c.state == "sending")  # a report may have come meanwhile
        db.execute(update(texts).where(here).values(state="failed", reason=reason, changed_at=now()))
        phone_id = db.execute(select(texts.c.phone_id).where(texts.c.id == text_id)).scalar()
        if opted_out and phone_id:
            opt_out(db, phone_id)

    def reported(self, db: Connection, text_id: int | None, provider_id: str, status: str, reason: str | None) -> bool:
        """The provider says how a text fares; whether it is known. What was overtaken by a later word is left out."""
        same = or_(texts.c.provider_id == provider_id, and_(texts.c.id == text_id, texts.c.provider_id.is_(None)))
        row = db.execute(select(texts).where(same)).first()
        if row is None:
            return False
        if row.status in LAST or RANK.get(status, 9) < RANK.get(row.status or "", -1):
            return True
        state = LAST.get(status, "sent")
        _change(db, row.id, state=state, status=status, reason=reason, provider_id=provider_id)
        if reason == OPTED_OUT:
            opt_out(db, row.phone_id)
        return True

    def invite(self, db: Connection, number: str, once: str, said: Texts, pause: float) -> str:
        """Queue texts to a number that did not write, unless it opted out, was asked before or has one just now."""
        if db.execute(select(texts.c.id).where(texts.c.once == f"{once}:0")).first():
            return "known"
        row = self._phones.known(db, number)
        if row.opted_out_at is not None:
            return "opted_out"
        if row.invited_at is not None and now() - row.invited_at < pause * 1000:
            return "too_soon"
        today = and_(texts.c.phone_id == row.id, texts.c.kind == said.kind, texts.c.created_at > now() - DAY)
        if db.execute(select(func.count()).select_from(texts).where(today)).scalar_one() >= MOST_A_DAY:
            return "too_soon"
        change(db, row.id, invited_at=now())
        self.queue(db, row.id, None, once, said)
        return "queued"

    def to(self, db: Connection, number: str, most: int) -> list[QueuedText]:
        """The newest texts to a number, in order."""
        here = texts.c.phone_id == self._phones.id_of(number)
        rows = db.execute(select(texts).where(here).order_by(texts.c.id.desc()).limit(most)).all()
        return [
            QueuedText(
                row.id, row.kind, row.state, self._cipher.open(row.body_encrypted, about_body(row.once)), row.created_at
            )
            for row in reversed(rows)
        ]

    def known_ids(self, db: Connection, number: str, since: int, apart_from: int) -> set[str]:
        """The provider's ids of the texts to a number from a time on, apart from one text's."""
        others = and_(texts.c.phone_id == self._phones.id_of(number), texts.c.id != apart_from)
        here = and_(others, texts.c.created_at >= since)
        found = db.execute(select(texts.c.provider_id).where(here, texts.c.provider_id.is_not(None)))
        return {row.provider_id for row in found}

    def unsent(self, db: Connection, most: int) -> list[UnsentText]:
        """The newest texts that did not arrive."""
        joined = texts.join(phones, phones.c.id == texts.c.phone_id)
        query = select(texts, phones.c.number_encrypted).select_from(joined).where(texts.c.state.in_(UNSENT))
        rows = db.execute(query.order_by(texts.c.id.desc()).limit(most))
        return [self._unsent(row) for row in rows]

    def _claimed(self, db: Connection, row: Row) -> Text | None:
        """None for one that nobody can read any more: it must not keep back all others."""
        try:
            number = self._phones.number(row.phone_id, row.number_encrypted)
            body = self._cipher.open(row.body_encrypted, about_body(row.once))
        except CipherError:
            _change(db, row.id, state="failed", reason="unreadable")
            return None
        _change(db, row.id, state="sending", attempts=row.attempts + 1)
        return Text(row.id, number, body, row.kind, row.attempts + 1, row.created_at, bool(row.uncertain))

    def _unsent(self, row: Row) -> UnsentText:
        return UnsentText(
            id=row.id,
            conversation=row.conversation_id,
            number=self._shown(row),
            kind=row.kind,
            state=row.state,
            reason=row.reason,
            attempts=row.attempts,
            created_at=row.created_at,
        )

    def _shown(self, row: Row) -> str:
        try:
            return shown(self._phones.number(row.phone_id, row.number_encrypted))
        except CipherError:
            return shown("????")


def reclaim(db: Connection) -> None:
    """What a stopped process was sending is due again; whether the provider has it must be asked first."""
    values = {"state": "queued", "uncertain": True, "due_at": now(), "changed_at": now()}
    db.execute(update(texts).where(texts.c.state == "sending").values(**values))


def _open_texts() -> Any:
    joined = texts.join(phones, phones.c.id == texts.c.phone_id)
    first = case((texts.c.kind == ALARM, 0), else_=1)
    columns = (texts, phones.c.number_encrypted, phones.c.opted_out_at)
    query = select(*columns).select_from(joined).where(texts.c.state.in_(("queued", "sending")))
    return query.order_by(first, texts.c.id).limit(LOOKED_AT)


def _due(row: Row) -> bool:
    """Whether its time has come; one that lies farther ahead than any pause was set by a clock that went wrong."""
    return not now() < row.due_at <= now() + LONGEST_AHEAD


def _suppressed(db: Connection, row: Row) -> bool:
    """Whether a text must not go out any more."""
    if row.opted_out_at is None or row.kind in ALWAYS or row.state != "queued":
        return False
    _change(db, row.id, state="suppressed", reason="opted out")
    return True


def _change(db: Connection, text_id: int, **values: Any) -> None:
    db.execute(update(texts).where(texts.c.id == text_id).values(changed_at=now(), **values))


def about_body(once: str) -> str:
    """What the sealed words of a text are bound to."""
    return f"{once}:body"
