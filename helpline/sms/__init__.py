"""What a text message says and what it asks for: plain letters, keywords, senders."""

from helpline.sms.errors import SmsError
from helpline.sms.keywords import Keyword, Keywords, load_keywords
from helpline.sms.reactions import reacts
from helpline.sms.segments import MOST, PART, SINGLE, plain, segments, septets
from helpline.sms.senders import Sender, answered, fictional, sender, shown, textable

__all__ = [
    "MOST", "PART", "SINGLE", "Keyword", "Keywords", "Sender", "SmsError", "answered", "fictional", "load_keywords",
    "plain", "reacts", "segments", "sender", "septets", "shown", "textable",
]  # fmt: skip
