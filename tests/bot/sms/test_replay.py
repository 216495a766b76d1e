"""A short bad night by text; `make replay` plays the long one."""

from pathlib import Path

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.bot.sms.phone import sms_settings
from tests.bot.sms.replay import Replay
from tests.bot.sms.twilio_stand_in import TwilioStandIn

pytestmark = pytest.mark.stack


def test_nothing_is_lost_doubled_or_forged(tmp_path: Path) -> None:
    rasa, twilio = RasaStandIn(), TwilioStandIn()
    door = RunningDoor(tmp_path, rasa.port, **sms_settings(twilio)).start()
    door.wait_for_store()
    try:
        result = Replay(door, twilio, posts=200).run(kills=1, down_seconds=4)
    finally:
        door.stop()
        twilio.stop()
        rasa.stop()
    assert result.faults == 0, result.json()
    assert result.genuine == 150 and result.forged == 10 and result.duplicates == 40
