"""What is broken on the way between a page and the front door."""

from __future__ import annotations

from enum import Enum


class Fault(str, Enum):
    """One way to break; its value is how a report names it."""

    STREAM_CUT = "event stream cut in mid answer"
    LOST_BEFORE = "message cut before the door"
    LOST_AFTER = "message taken, answer not sent back"
    ANSWER_CUT = "message taken, answer cut in half"
    POST_STALL = "message held back for seconds"
    STREAM_STALL = "event stream held back for seconds"
    BLACK_OUT = "black-out"


STREAM = (Fault.STREAM_CUT, Fault.STREAM_STALL)
POST = (Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.ANSWER_CUT, Fault.POST_STALL)
