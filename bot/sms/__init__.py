"""Text messages: taking them in, writing what goes out, and sending it."""

from __future__ import annotations

from bot.settings import Settings
from bot.sms.console import Console
from bot.sms.provider import Provider
from bot.sms.twilio_api import TwilioApi


def open_provider(settings: Settings) -> Provider:
    """The provider that the settings name."""
    if settings.sms_provider == "console":
        return Console()
    return TwilioApi(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        number=settings.sms_number,
        service=settings.twilio_messaging_service_sid,
        callback=f"{settings.public_base_url}/sms/status",
        base=settings.twilio_api_url,
    )
