"""Chooses among the variations of a response the one that was said least in this visit, instead of any."""

from __future__ import annotations

import copy
from typing import Any, Dict, Optional

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

SAID = "said"  # the slot that counts how often each response was said


class InTurn(TemplatedNaturalLanguageGenerator):
    """Says the variations in the order in which the domain lists them, and begins again after the last."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        """The responses of `domain`; the endpoint's configuration is not used."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """The next variation whose conditions hold; one with more conditions goes before one with fewer."""
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        most = max(len(each.get("condition") or ()) for each in fitting)
        closest = [each for each in fitting if len(each.get("condition") or ()) == most]
        times = (tracker.get_slot(SAID) or {}).get(utter_action, 0)
        return self._fill_response(copy.deepcopy(closest[times % len(closest)]), slots, **kwargs)
