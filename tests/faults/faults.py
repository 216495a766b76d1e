"""Every fault, really made: each opens a room, breaks something in it, and mends it again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.embedding.weights import packaged_weights
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.faults.emergencies import Figures, Talk, post_all, talks
from tests.faults.real_rasa import RealRasa
from tests.stack import ROOT

TRAINED = ROOT / "models" / "concerns.npz"
KEY = "the key of the tests of faults"
HOUR = 3600
LOCKED_SECONDS = 12.0
MENDED_SECONDS = 15.0
CLOCK = Path(__file__).parent / "clock.c"


class Room:
    """One front door with files of its own, the Rasa behind it, and the visitors who talk to it."""

    def __init__(self, folder: Path, rasa: RealRasa | RasaStandIn) -> None:
        self.folder = folder
        self.rasa = rasa
        self.model = folder / "concerns.npz"
        shutil.copyfile(TRAINED, self.model)
        self.environment = {"RASA_KEY": KEY, "CONCERNS_MODEL": str(self.model)}
        self.talks: list[Talk] = []
        self.afterwards = ExitStack()
        self._door: RunningDoor | None = None

    @property
    def door(self) -> RunningDoor:
        """The front door, once it is open."""
        assert self._door is not None
        return self._door

    def open(self, *, whole: bool = True, **environment: str) -> None:
        """Start the front door and let the visitors in; a `whole` one has all that it needs, and is waited for."""
        self._door = RunningDoor(self.folder, self.rasa.port, **self.environment, **environment)
        self.door.start()
        if whole:
            self.wait_until_whole()
        self.talks = talks(self.door)

    def wait_until_whole(self) -> None:
        """Wait until nothing is degraded."""
        until = time.monotonic() + MENDED_SECONDS
        while self.door.ready()["degraded"]:
            assert time.monotonic() < until, self.door.ready()["parts"]
            time.sleep(0.1)

    def close(self) -> None:
        """Stop the front door, and clear away what it stood on."""
        if self._door is not None:
            self._door.stop()
        self.afterwards.close()


Make = Callable[[Room], AbstractContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """A fault: its name in the table, how it is made, and the parts that /health/ready must call degraded then."""

    name: str
    make: Make
    degraded: tuple[str, ...] = ()
    rasa: str = ""  # "real", or "actions" for one with an action server; otherwise a stand-in

    def run(self, room: Room) -> Figures:
        """Break, post, mend; then nothing may be lost, and nothing degraded."""
        try:
            with self.make(room):
                found = post_all(room.talks)
                said = room.door.ready()
                assert said["ready"] and set(self.degraded) <= set(said["degraded"]), said["parts"]
            room.wait_until_whole()
            for talk in room.talks:
                talk.insist()
                talk.check()
            return found
        finally:
            room.close()


# ---- nothing, and a busy machine -----------------------------------------------------------------------------------


@contextmanager
def nothing(room: Room) -> Iterator[None]:
    """All is well."""
    room.open()
    yield


@contextmanager
def running(command: list[str], times: int = 1) -> Iterator[None]:
    """Processes beside ours."""
    quiet = subprocess.DEVNULL
    settings = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}  # with it the training ends at once
    beside = [subprocess.Popen(command, cwd=ROOT, env=settings, stdout=quiet, stderr=quiet) for _ in range(times)]
    try:
        yield
        assert all(process.poll() is None for process in beside), "they ended too early"
    finally:
        for process in beside:
            process.kill()
            process.wait()


@contextmanager
def training(room: Room) -> Iterator[None]:
    """Both trainings side by side, as `bot.train` runs them, after the time in which they only import."""
    room.open()
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation", "--out", str(room.folder / "out")]
    with running([sys.executable, "-c", "from bot.triage.training import main\nwhile True: main()"]), running(command):
        time.sleep(8)
        yield


@contextmanager
def hogs(room: Room) -> Iterator[None]:
    """Two processes at our priority that never rest."""
    room.open()
    with running([sys.executable, "-c", "while True: pass"], 2):
        yield


# ---- Rasa and its actions ------------------------------------------------------------------------------------------


def _real(room: Room) -> RealRasa:
    assert isinstance(room.rasa, RealRasa)
    return room.rasa


@contextmanager
def rasa_killed(room: Room) -> Iterator[None]:
    """kill -9, and started again afterwards."""
    room.open()
    _real(room).signal(signal.SIGKILL)
    yield
    _real(room).start()


@contextmanager
def rasa_hung(room: Room) -> Iterator[None]:
    """It takes connections and says nothing."""
    room.open()
    _real(room).signal(signal.SIGSTOP)
    try:
        yield
    finally:
        _real(room).signal(signal.SIGCONT)


class ActionServer:
    """Where `rasa run actions` would be: it fails, or hangs, or is not there."""

    def __init__(self) -> None:
        self.hangs = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                if server.hangs:
                    time.sleep(60)
                with suppress(OSError):  # whoever asked may have gone
                    self.send_error(500)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """From now on connections are refused."""
        self._server.shutdown()
        self._server.server_close()


def actions(room_actions: Callable[[], ActionServer], do: Callable[[ActionServer], None]) -> Make:
    """The action server does badly what it does."""

    @contextmanager
    def make(room: Room) -> Iterator[None]:
        do(room_actions())
        room.open()
        yield

    return make


# ---- the database --------------------------------------------------------------------------------------------------


@contextmanager
def locked(room: Room) -> Iterator[None]:
    """Another process holds the database for 12 s."""
    room.open()
    other = sqlite3.connect(room.door.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    until = time.monotonic() + LOCKED_SECONDS
    try:
        yield
        time.sleep(max(0.0, until - time.monotonic()))
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def disk_full(room: Room) -> Iterator[None]:
    """A file system of its own, with not a byte left."""
    disk = room.folder / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a file system can only be mounted by root")
    room.afterwards.callback(subprocess.run, ["umount", "--lazy", str(disk)], check=True)
    room.open(DATABASE_URL=f"sqlite:///{disk / 'journal.db'}")
    with closing(sqlite3.connect(disk / "journal.db", isolation_level=None)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log has no room of its own left
    filler = disk / "filler"
    with filler.open("wb", 0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 512)
    yield
    filler.unlink()


@contextmanager
def database_unreadable(room: Room) -> Iterator[None]:
    """At the start the file is no database; then somebody takes it away."""
    database = room.folder / "journal.db"
    database.write_bytes(b"this is no database " * 1000)
    room.open(whole=False)
    yield
    database.unlink()


@contextmanager
def database_missing(room: Room) -> Iterator[None]:
    """At the start a file is where its folder should be; then the folder can be made, and it."""
    folder = room.folder / "var"
    folder.write_bytes(b"")
    room.open(whole=False, DATABASE_URL=f"sqlite:///{folder / 'journal.db'}")
    yield
    folder.unlink()


# ---- the classifier ------------------------------------------------------------------------------------------------


def model_is(change: Callable[[Path], object], *, running: bool = False) -> Make:
    """The trained file is changed at the start or while the front door runs, and mended without a restart."""

    @contextmanager
    def make(room: Room) -> Iterator[None]:
        if running:
            room.open()
        change(room.model)
        if running:
            time.sleep(2.5)
        else:
            room.open(whole=False)
        yield
        put(room.model)

    return make


def put(model: Path) -> None:
    """The good file, at once."""
    part = model.with_suffix(".part")
    shutil.copyfile(TRAINED, part)
    part.replace(model)


def truncate(model: Path) -> None:
    """Half of the file."""
    os.truncate(model, model.stat().st_size // 2)


def garbage(model: Path) -> None:
    """What is no archive at all."""
    model.write_bytes(os.urandom(100_000))


@contextmanager
def replaced(room: Room) -> Iterator[None]:
    """A new file again and again, so that it is loaded while emergencies come."""
    room.open()
    over = False

    def replace() -> None:
        while not over:
            put(room.model)
            time.sleep(0.5)

    thread = Thread(target=replace)
    thread.start()
    try:
        yield
    finally:
        over = True
        thread.join()


@contextmanager
def embedding_corrupt(room: Room) -> Iterator[None]:
    """The weights of the embedding are not the pinned ones."""
    weights = room.folder / "model.onnx"
    weights.write_bytes(packaged_weights().read_bytes()[:-1000])
    room.open(whole=False, EMBEDDING_MODEL=str(weights))
    yield
    shutil.copyfile(packaged_weights(), weights)


@contextmanager
def loading_hangs(room: Room) -> Iterator[None]:
    """The file is a pipe into which nobody writes: opening it takes for ever."""
    room.model.unlink()
    os.mkfifo(room.model)
    room.open(whole=False)
    yield
    pipe = os.open(room.model, os.O_WRONLY)
    put(room.model)
    os.close(pipe)


# ---- the clock -----------------------------------------------------------------------------------------------------


def clock(seconds: int) -> Make:
    """The time of day jumps while people talk."""

    @contextmanager
    def make(room: Room) -> Iterator[None]:
        if not shutil.which("cc"):
            pytest.skip("without a C compiler the clock cannot be moved for one process")
        library, offset = room.folder / "clock.so", room.folder / "offset"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(CLOCK), "-ldl"], check=True)
        offset.write_text("0")
        room.open(LD_PRELOAD=str(library), CLOCK_OFFSET=str(offset))
        offset.write_text(str(seconds))
        yield
        # 503 is the disk's: with much else to do a commit takes longer than an emergency may wait for it.
        refused = [message for talk in room.talks for message in talk.sent if message.status not in (202, 503)]
        assert not refused, f"refused because of the clock: {refused[:3]}"

    return make


@contextmanager
def everything(room: Room) -> Iterator[None]:
    """Rasa dead, the database locked, no classifier, and a busy machine."""
    room.model.unlink()
    assert isinstance(room.rasa, RasaStandIn)
    room.open(whole=False)
    room.rasa.stop()
    with ExitStack() as stack:
        other = sqlite3.connect(room.door.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        stack.callback(other.close)
        stack.callback(other.execute, "ROLLBACK")
        stack.enter_context(running([sys.executable, "-c", "while True: pass"], 2))
        yield
    put(room.model)
    room.rasa.start()


def faults(action_server: Callable[[], ActionServer]) -> list[Fault]:
    """Every fault, in the order of the table."""
    alone, store, rasa = ("classifier",), ("store",), ("conversation",)
    return [
        Fault("none", nothing, rasa="real"),
        Fault("two other processes take all the processors", hogs, rasa="real"),
        Fault("the trainings run beside it", training, rasa="real"),
        Fault("Rasa hung (SIGSTOP)", rasa_hung, rasa, "real"),
        Fault("Rasa killed (kill -9)", rasa_killed, rasa, "real"),
        Fault("action server fails", actions(action_server, lambda server: None), rasa="actions"),
        Fault(
            "action server hangs", actions(action_server, lambda server: setattr(server, "hangs", True)), rasa="actions"
        ),
        Fault("action server gone", actions(action_server, ActionServer.close), rasa="actions"),
        Fault("database locked for 12 s", locked, store),
        Fault("disk full", disk_full, store),
        Fault("database unreadable at the start", database_unreadable, store),
        Fault("database cannot be made at the start", database_missing, store),
        Fault("classifier missing", model_is(Path.unlink), alone),
        Fault("classifier truncated", model_is(truncate), alone),
        Fault("classifier garbage", model_is(garbage), alone),
        Fault("classifier taken away while running", model_is(Path.unlink, running=True), alone),
        Fault("classifier made garbage while running", model_is(garbage, running=True), alone),
        Fault("classifier replaced again and again", replaced),
        Fault("classifier hangs while loading", loading_hangs, alone),
        Fault("embedding weights corrupt", embedding_corrupt, alone),
        Fault("clock one hour forward", clock(HOUR)),
        Fault("clock one hour back", clock(-HOUR)),
        Fault("all at once: no Rasa, no database, no classifier, busy", everything, (*alone, *store, *rasa)),
    ]


class Rasas:
    """The Rasas that faults need, started when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._real: dict[str, RealRasa] = {}
        self._server: ActionServer | None = None

    def server(self) -> ActionServer:
        """The action server."""
        if self._server is None:
            self._server = ActionServer()
        return self._server

    @contextmanager
    def behind(self, fault: Fault) -> Iterator[RealRasa | RasaStandIn]:
        """The Rasa for one fault; a real one stays for the next."""
        if not fault.rasa:
            stand_in = RasaStandIn()
            try:
                yield stand_in
            finally:
                stand_in.stop()
            return
        if fault.rasa not in self._real:
            self.stop()
            folder = self._folder / fault.rasa
            folder.mkdir()
            url = self.server().url if fault.rasa == "actions" else ""
            self._real[fault.rasa] = RealRasa(folder, KEY, url).start()
        yield self._real[fault.rasa]

    def stop(self) -> None:
        """End the real ones."""
        for rasa in self._real.values():
            rasa.stop()
        self._real.clear()
