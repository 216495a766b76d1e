"""What a conversation leaves behind: concern that rises over messages, fades again, and outlasts an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from helpline.safety.concerns import LEVELS, NONE, Concern
from helpline.safety.phrases import LANGUAGES
from helpline.safety.triage import Triage

# From this likelihood on the classifier alone raises an alarm; docs/safety.md says how it was chosen.
ALARM = 0.4
# After an emergency the next messages are read in its light: this likelihood, or half a phrase, is enough then.
ALARM_AFTER = 0.3
# Below the first likelihood soft phrases raise no alarm; from the second on the classifier says which concern it is.
SOFT, SURE = 0.3, 0.6
# A message of this likelihood worries in full, one of less in proportion, half a phrase by half; WORRY is worth noting.
IN_FULL = 0.55
WORRY, HALF_PHRASE = 0.3, 0.5
# From this worry on 988 is named beside the answer, and less is only remembered; without a classifier, WORRY is enough.
SAID = 0.6
# Worry adds up over messages, and of what was there before a message this share is left.
KEPT, ENOUGH = 0.75, 1.15
# Messages for which a conversation stays attentive after an alarm.
WATCHFUL = 8
# No sum of worries, each at most 1, comes to more.
STRONGEST = 1 / (1 - KEPT)


@dataclass(frozen=True)
class Attention:
    """A conversation between two messages: plain values, so that it can be stored and outlast a restart."""

    strain: float = 0.0  # worry added up, 0 for none
    concern: str = NONE  # the last alarm
    watch: int = 0  # messages for which it still colours what is said
    place: str = ""  # where its guide stands, as guide/step
    language: str = "en"
    worried: bool = False  # the last message worried, and the one before did not
    unheard: bool = False  # the classifier had no time for the last message: it is read once more
    notices: str = ""  # what is to be said beside the answer to the last message: keys of replies.csv
    known: str = ""  # every such key that a message so far called for

    def stored(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> Attention:
        """From what `stored` gave; a value that is missing, of the wrong kind or impossible is as at the beginning."""
        fresh = asdict(cls())
        kept = {name: values[name] for name, value in fresh.items() if _possible(name, value, values.get(name))}
        return cls(**{**fresh, **kept})


def _possible(name: str, fresh: Any, value: Any) -> bool:
    if type(value) is not type(fresh):
        return False
    if name == "language":
        return value in LANGUAGES
    ranges = {"strain": STRONGEST, "watch": float(WATCHFUL)}
    return name not in ranges or bool(0 <= value <= ranges[name])


class Judge:
    """Weighs the rules, the classifier and the conversation so far; whichever fires raises the alarm."""

    def __init__(self, concerns: Mapping[str, Concern]) -> None:
        self._concerns = concerns

    def judge(self, heard: Triage, likely: Mapping[str, float], before: Attention) -> tuple[Triage, Attention]:
        """The triage to act on and the attention after this message.

        `likely` is the classifier's likelihood of each concern, empty where there is no classifier.
        """
        language = heard.language or before.language
        heard = replace(heard, language=language)
        if self.alarms(heard.concern) and likely:
            heard = self._checked(heard, likely)
        if not self.alarms(heard.concern):
            heard = self._second(heard, likely, before)
        worry = 1.0 if self.alarms(heard.concern) else self._worry(heard, likely)
        strain = before.strain * KEPT + worry
        if self.alarms(heard.concern):
            return heard, Attention(round(strain, 4), heard.concern, WATCHFUL, before.place, language)
        watch = max(0, before.watch - 1)
        concern, place = (before.concern, before.place) if watch else (NONE, "")
        enough = SAID if likely else WORRY
        worried = worry >= enough > before.strain and not watch
        return heard, Attention(round(strain, 4), concern, watch, place, language, worried)

    def alarms(self, concern: str) -> bool:
        """Whether a concern is an emergency or a crisis."""
        return self._concerns[concern].alarm

    def _checked(self, heard: Triage, likely: Mapping[str, float]) -> Triage:
        """An alarm of the rules: dropped where soft phrases are unlikely, and about what the classifier is sure of."""
        if heard.soft and self._share(likely) < SOFT:
            return replace(heard, concern=NONE, level=NONE, evidence=(), hints=(*heard.hints, heard.concern))
        sure = max(filter(self.alarms, likely), key=lambda name: likely[name])
        louder = LEVELS.index(self._concerns[sure].level) >= LEVELS.index(heard.level)
        return (
            replace(heard, concern=sure, level=self._concerns[sure].level) if likely[sure] >= SURE and louder else heard
        )

    def _second(self, heard: Triage, likely: Mapping[str, float], before: Attention) -> Triage:
        """What the classifier or the conversation makes of a message that the rules let pass."""
        share = self._share(likely)
        hinted = [name for name in heard.hints if self.alarms(name)]
        if share >= (ALARM_AFTER if before.watch else ALARM):
            return self._raised(heard, self._likeliest(likely), f"classifier {share:.2f}")
        if hinted and before.watch:
            return self._raised(heard, self._worst(hinted), "half a phrase after an alarm")
        worry = self._worry(heard, likely)
        if worry >= WORRY and before.strain * KEPT + worry >= ENOUGH:
            suspected = self._likeliest(likely) if share >= WORRY * IN_FULL else self._worst(hinted)
            return self._raised(heard, suspected, "messages that worry, one after the other")
        return heard

    def _worry(self, heard: Triage, likely: Mapping[str, float]) -> float:
        """How much a message worries, from 0 to 1, when it raises no alarm by itself."""
        halves = HALF_PHRASE * sum(map(self.alarms, heard.hints))
        return min(1.0, max(halves, self._share(likely) / IN_FULL))

    def _share(self, likely: Mapping[str, float]) -> float:
        share = sum(share for name, share in likely.items() if self.alarms(name))
        return share if share >= 0 else 0.0  # not a number is no opinion

    def _likeliest(self, likely: Mapping[str, float]) -> str:
        """The likeliest alarm of the likelier level: so that the number to call is the right one."""
        levels: dict[str, float] = {}
        for name, share in likely.items():
            if self.alarms(name):
                level = self._concerns[name].level
                levels[level] = levels.get(level, 0.0) + share
        level = max(levels, key=lambda each: levels[each])
        return max((name for name in likely if self._concerns[name].level == level), key=lambda name: likely[name])

    def _worst(self, names: list[str]) -> str:
        return max(names, key=lambda name: self._concerns[name].rank)

    def _raised(self, heard: Triage, concern: str, why: str) -> Triage:
        return replace(heard, concern=concern, level=self._concerns[concern].level, evidence=(why,))
