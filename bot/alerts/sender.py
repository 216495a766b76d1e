"""Sends the alerts that are queued, and tries again what did not go out; nothing else ever waits for it."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from bot.alerts.notice import notice
from bot.alerts.ways import Undelivered, email, webhook
from bot.settings import Settings
from bot.store import Store
from bot.store.alerts import Alert
from bot.store.records import StoreBusy

LOOK_SECONDS = 2.0
AT_ONCE = 4
PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0)  # seconds before each further try; then it has failed
SENDS = {"webhook": webhook, "email": email}
log = logging.getLogger(__name__)


class AlertSender:
    """A task that looks for alerts; without a way to send them it has nothing to do."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="alerts")

    async def run(self) -> None:
        """Look every two seconds until cancelled."""
        try:
            while self._settings.alert_ways:
                try:
                    await self.look()
                except StoreBusy:
                    pass
                except Exception as error:
                    log.error("alerts could not be looked for", exc_info=error)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def look(self) -> None:
        """Send what is due."""
        due = await asyncio.wrap_future(self._store.claim_alerts(AT_ONCE))
        await asyncio.gather(*map(self._send, due))

    async def _send(self, alert: Alert) -> None:
        said = notice(self._settings, alert)
        if alert.way == "text":
            body = f"{said.subject} {said.link}"
            await asyncio.wrap_future(self._store.text_alert(alert.id, self._settings.alert_text_to, body))
            return
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, SENDS[alert.way], self._settings, alert, said)
        except Undelivered as error:
            await self._again(alert, str(error))
        except Exception as error:
            log.error("an alert could not be sent", exc_info=error)
            await self._again(alert, type(error).__name__)
        else:
            await asyncio.wrap_future(self._store.alert_sent(alert.id))

    async def _again(self, alert: Alert, reason: str) -> None:
        """A way that was switched off meanwhile fails like any other."""
        log.warning("an alert did not go out by %s (%s)", alert.way, reason)
        if alert.attempts > len(PAUSES):
            await asyncio.wrap_future(self._store.alert_failed(alert.id, reason))
        else:
            await asyncio.wrap_future(self._store.alert_later(alert.id, PAUSES[alert.attempts - 1], reason))
