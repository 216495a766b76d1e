"""What a text message says and what it asks for: plain letters, keywords, senders."""

from helpline.sms.errors import SmsError
from helpline.sms.keywords import Keyword, Keywords, load_keywords
from helpline.sms.reactions import reacts
from helpline.sms.segments import MOST, PART, SINGLE, plain, segments, septets
from helpline.sms.senders import KINDS, PROBLEMS, Sender, answered, fictional, sender, shown, textable
from helpline.sms.writing import MOST_OPTIONS, Part, Writing, load_writing, offered

__all__ = [
    "KINDS", "MOST", "MOST_OPTIONS", "PART", "PROBLEMS", "SINGLE", "Keyword", "Keywords", "Part", "Sender", "SmsError",
    "Writing", "answered", "fictional", "load_keywords", "load_writing", "offered", "plain", "reacts", "segments",
    "sender", "septets", "shown", "textable",
]  # fmt: skip
