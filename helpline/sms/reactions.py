"""Reactions to a text, which phones send as a text that quotes it: they are no words of the person's own."""

from __future__ import annotations

import re

# To the first closing mark: words of the person's own may stand behind it.
QUOTED = r"(?:[“„][^“”]*[“”]|\"[^\"]*\"|«[^»]*»)"
OURS = r"(?:image|video|message|movie|audio message)"
REACTION = re.compile(
    rf"(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned) (?:{QUOTED}|an? {OURS})"
    rf"|(?:reacted \S{{1,12}} to|removed an? .{{1,20}} from) (?:{QUOTED}|an? {OURS})"
    rf"|(?:le gustó|le encantó|no le gustó|se rió de|exclamó por|cuestionó) {QUOTED}"
    rf"|\W{{1,12}} (?:to|a) {QUOTED}",
    re.IGNORECASE | re.DOTALL,
)


def reacts(text: str) -> bool:
    """Whether a text is a thumb or a heart for one of ours: an emergency quoted in it is not theirs."""
    return REACTION.fullmatch(text.strip()) is not None
