"""The engine process: `python -m core.jobs.engine`.

A web server starts one beside itself (see `supervisor`); several servers on one home folder share one, which
may be started by hand. It holds the Dask cluster of this computer, or a connection to the one that
TURNING_POINT_SCHEDULER names, and gives out the queued runs until it is told to end (SIGTERM, SIGINT, or the
end of its standard input with `--with-parent`). Whatever is running then is marked as interrupted. A scheduler
elsewhere that does not answer is waited for. Quick questions are answered by a worker of this computer in either
case.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path

from distributed import Client

from core.errors import StorageError, TurningPointError
from core.free_space import FULL, disk_full, trouble
from core.jobs import cluster
from core.jobs.admission import Admission
from core.jobs.answers_worker import IDLE
from core.jobs.dispatcher import Dispatcher
from core.jobs.engine_home import TAKEN, HomeLock, LogFile, home_name, scratch_folder, write_log
from core.jobs.inference_server import InferenceServer
from core.jobs.kit import kit
from core.jobs.processes import tell_service_manager
from core.jobs.series import SeriesDispatcher
from core.jobs.small_dispatcher import SmallDispatcher
from core.jobs.status import State, StatusFile
from core.jobs.turns import Turns
from core.run import Reason
from core.settings import Settings
from core.storage import Store, clear_old_runs, open_store

_log = logging.getLogger("core.jobs.engine")  # also as __main__

_LOCK_WAIT = 10.0  # an engine that is being restarted needs a moment to give up its lock
_END_WAIT = 1.5  # what closing down may take before everything is simply ended
_BEAT = 2.0
_PATIENCE = 15.0
_CONNECT = 4.0  # a scheduler elsewhere that has not answered by then is said to be away
_CLEAR = 600.0
#: The exit code of an engine that cannot use its settings.
UNUSABLE = 2
#: Why its runs were interrupted: the engine was told to end, or it was killed or failed.
_ENDED, _DIED = Reason("server_ended"), Reason("engine_died")


def main(arguments: Sequence[str] | None = None) -> int:
    """Be the engine of the home folder that the environment names; returns the exit code."""
    options = _parser().parse_args(arguments)
    write_log()
    try:
        settings = Settings.from_environment()
        home = settings.make_home()
    except TurningPointError as error:
        _log.error("The engine cannot start: %s", error)
        return UNUSABLE
    lock, status = HomeLock(home), StatusFile(home)
    try:
        if not _acquired(lock):
            _log.info("Another engine serves %s.", home)
            return TAKEN
        status.say("starting")
        tell_service_manager()  # a web server that is started after this one leaves the home to it
        cluster.set_environment()
        cluster.configure(settings.small and settings.scheduler is None)
        asyncio.run(_Engine(settings, options, status, lock).serve())
    except TurningPointError as error:
        _log.error("The engine cannot go on: %s", error)
        if lock.is_lost():
            return TAKEN  # what the folder says now is another engine's
        status.say("failed", error=error)
        return 1
    except (
        OSError,
        ImportError,
        RuntimeError,
        ValueError,
        TypeError,
    ) as error:  # also Dask's, of its settings
        _log.exception("The engine cannot go on.")
        status.say("failed", str(error) or type(error).__name__, _of_the_disk(error, home))
        return 1
    status.remove()
    return 0


def _of_the_disk(error: Exception, home: Path) -> StorageError | None:
    """The sentence for what went wrong because of the home's disk; None if it is something else."""
    if isinstance(error, OSError) and error.errno in FULL:
        return disk_full(home)
    return trouble((home,))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.jobs.engine", description="Carries out queued trainings."
    )
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    parser.add_argument(
        "--memory", type=int, metavar="MB", help="memory each worker may use (default: a fair share)"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=_PATIENCE,
        metavar="SECONDS",
        help="how long a training gets to stop by itself (default: %(default)s)",
    )
    parser.add_argument(
        "--idle",
        type=float,
        default=IDLE,
        metavar="SECONDS",
        help="how long the process for questions, on a small machine the only one, stays when it is not needed"
        " (default: %(default)s)",
    )
    return parser


def _acquired(lock: HomeLock) -> bool:
    deadline = time.monotonic() + _LOCK_WAIT
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class _Engine:
    def __init__(
        self, settings: Settings, options: argparse.Namespace, status: StatusFile, lock: HomeLock
    ) -> None:
        self._settings = settings
        self._options = options
        self._status = status
        self._log = LogFile(settings.home)
        self._last_word = settings.home / "engine.ended"
        self._lock = lock
        self._host = socket.gethostname()
        self._dispatcher: Dispatcher | None = None
        #: All that this home's engines claim is claimed under names that begin so.
        self._name = home_name(settings.home)

    async def serve(self) -> None:
        """Serve until told to end."""
        told = asyncio.Event()
        self._listen(told)
        store = open_store(self._settings)
        # What an engine has left that was killed, or that could not write down its end in order.
        self._interrupt(store, _ENDED if self._ended_in_order() else _DIED)
        work = asyncio.create_task(self._work(store))
        ending = asyncio.create_task(told.wait())
        try:
            await asyncio.wait((work, ending), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            ending.cancel()
            await self._end(work, store, _ENDED if told.is_set() else _DIED)
            store.close()

    async def _end(self, work: asyncio.Task[None], store: Store, reason: Reason) -> None:
        """Mark what is running as interrupted, then end its processes: in this order nothing looks like a crash."""
        if reason is _ENDED:
            with suppress(OSError):
                self._last_word.touch()
        if self._dispatcher is not None:
            self._dispatcher.close()
        with suppress(StorageError):
            self._interrupt(store, reason)
        work.cancel()
        await asyncio.wait((work,), timeout=_END_WAIT)
        with suppress(StorageError):
            self._interrupt(store, reason)  # a run that was being claimed just then

    def _ended_in_order(self) -> bool:
        """Whether the engine before this one was told to end, which it leaves word of in case the database is away."""
        try:
            self._last_word.unlink()
        except OSError:
            return False
        return True

    def _interrupt(self, store: Store, reason: Reason) -> None:
        if self._settings.scheduler is not None:
            return  # Workers elsewhere may outlive their engine; if not, their silence is noticed.
        for run in store.interrupt_stale(reason, workers=self._name):
            _log.warning("Run %s was interrupted.", run)

    async def _work(self, store: Store) -> None:
        beating = asyncio.create_task(self._beat())
        clearing = asyncio.create_task(self._clear_old_runs(store))
        serving = asyncio.create_task(self._with_cluster(store))
        try:
            # The beat ends only when there is nothing left to serve.
            done, _ = await asyncio.wait((beating, serving), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (beating, clearing, serving):
                task.cancel()
            await asyncio.wait((serving,))

    async def _with_cluster(self, store: Store) -> None:
        """Answer questions on a cluster of our own; give runs to it too, or to the one that the settings name."""
        elsewhere = self._settings.scheduler
        workers = self._settings.workers
        memory = self._options.memory * 10**6 if self._options.memory else cluster.memory_limit(workers)
        folder = scratch_folder(self._settings.home)
        turns = Turns() if self._settings.small and elsewhere is None else None
        local = await cluster.start_local_cluster(0 if elsewhere else workers, memory, folder, turns)
        minding = [asyncio.create_task(at) for at in (local.mind(), local.answers.mind(self._options.idle))]
        try:
            address, security = local.scheduler.address, local.security
            async with (
                Client(address, security=security, asynchronous=True, set_as_default=False) as client,
                InferenceServer(client, self._settings, local.answers.want, turns),
            ):
                if elsewhere is None:
                    await self._dispatch(
                        lambda: nullcontext(client),
                        store,
                        host=self._host,
                        turns=turns,
                        want=local.answers.want,
                    )
                else:
                    await self._dispatch(lambda: _connection(elsewhere), store, host="")
        finally:
            for task in minding:
                task.cancel()
            await local.close()
            shutil.rmtree(folder, ignore_errors=True)

    async def _dispatch(
        self,
        connect: Callable[[], AbstractAsyncContextManager[Client]],
        store: Store,
        *,
        host: str,
        turns: Turns | None = None,
        want: Callable[[], object] = lambda: None,
    ) -> None:
        environment, admission = self._settings.to_environment(), None
        if not host:
            name = hashlib.sha256(self._name.encode()).hexdigest()[:16]
            admission = Admission(kit(), store, environment, name=name, say=self._status.refuse)
        new = SeriesDispatcher if turns is None else partial(SmallDispatcher, turns=turns, want=want)
        dispatcher = self._dispatcher = new(
            connect,
            store,
            name=self._name,
            environment=environment,
            host=host,
            patience=self._options.patience,
            say=self._say,
            scheduler=self._settings.scheduler or "",
            admission=admission,
        )
        await dispatcher.run()

    def _say(self, state: State, message: str) -> None:
        self._status.say(state, message)
        _log.info("%s%s", state, f": {message}" if message else "")

    async def _beat(self) -> None:
        """Give signs of life, whatever the disk does, until another folder has taken the home's place ("home_deleted").

        While there is none it is waited for, since a disk that was cut off comes back with all that is on it.
        """
        trimming = True
        while (standing := self._lock.standing()) != "lost":
            if standing == "held":
                self._status.beat()
                try:
                    self._log.trim()
                    trimming = True
                except OSError as error:
                    if trimming:
                        _log.warning("The log cannot be kept small: %s", error)
                    trimming = False
            await asyncio.sleep(_BEAT)
        raise StorageError("home_deleted", folder=str(self._settings.home))

    async def _clear_old_runs(self, store: Store) -> None:
        while True:
            try:
                await asyncio.to_thread(clear_old_runs, store, self._settings.keep_runs)
            except StorageError:
                _log.exception("Old runs could not be cleared away; trying again later.")
            await asyncio.sleep(_CLEAR)

    def _listen(self, told: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()

        def tell() -> None:
            loop.call_soon_threadsafe(told.set)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: tell())
        if self._options.with_parent:
            threading.Thread(target=_wait_for_end_of_input, args=(tell,), daemon=True).start()


def _connection(scheduler: str) -> AbstractAsyncContextManager[Client]:
    connection: AbstractAsyncContextManager[Client] = Client(
        scheduler, asynchronous=True, set_as_default=False, timeout=_CONNECT
    )
    return connection


def _wait_for_end_of_input(tell: Callable[[], None]) -> None:
    """The operating system ends the input when the parent dies, however it dies."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    tell()
    time.sleep(3 * _END_WAIT)
    os._exit(1)  # the event loop does not answer: everything else ends with this process


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # Exit handlers of Dask and multiprocessing would wait for processes that have just been killed.
    os._exit(code)
