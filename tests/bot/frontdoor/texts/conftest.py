"""One front door that texts through a stand-in for Twilio, and a telephone of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.bot.sms.phone import Phone, sms_settings
from tests.bot.sms.twilio_stand_in import TwilioStandIn


@pytest.fixture(scope="module")
def twilio() -> Iterator[TwilioStandIn]:
    stand_in = TwilioStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module")
def door(rasa: RasaStandIn, twilio: TwilioStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    running = RunningDoor(tmp_path_factory.mktemp("texts"), rasa.port, **sms_settings(twilio)).start()
    running.wait_for_store()
    yield running
    running.stop()


@pytest.fixture
def phone(door: RunningDoor, twilio: TwilioStandIn) -> Phone:
    return Phone(door, twilio)
