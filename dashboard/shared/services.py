"""What all sessions of the web process share: settings, storage, opened data sets."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core import recorded
from core.catalog import is_own
from core.datasets import ImageDataset, TextDataset, complaint, open_dataset
from core.datasets.test_labels import test_labels as labels_of_test
from core.errors import DataError, DataMissingError
from core.inference.recorded_answers import recorded_answer
from core.inference.request import AnswerT, InferenceRequest
from core.jobs import inference_client
from core.settings import Settings
from core.storage import Artifacts, Store
from core.training import artifact_names
from dashboard.shared.disclosed import DisclosedArtifacts, open_disclosed_store
from dashboard.shared.viewer import OWNER_COOKIE, Viewer, address_of, is_cookie

_opening = Lock()
Made = TypeVar("Made")


@cache
def settings() -> Settings:
    """The settings this server was started with; `SettingsError` if a variable cannot be what it says."""
    return Settings.from_environment()


def store() -> Store:
    """The one store of this process, also for the server's own routes; `StorageError` if it cannot be used.

    Nothing that it gives holds what is covered or sealed.
    """
    with _opening:
        return _store()


@cache
def _store() -> Store:
    return open_disclosed_store(settings())


@cache
def artifacts() -> Artifacts:
    """The artifact folder, without the files that tell what is covered or sealed."""
    return DisclosedArtifacts(
        settings().artifacts, lambda run: store().hides(run), lambda run: store().training_of(run)
    )


def dataset(name: str) -> ImageDataset | TextDataset:
    """A data set that is here: read-only memory maps, one copy for all sessions.

    `DataError` if it is missing or damaged, or an own one that this reader may not look into ("own_data_private"); it
    is not fetched.
    """
    if is_own(name):
        try:
            store().check_data_use(name, _reader.get() or owner())
        except DataMissingError:
            _dataset.clear(name)
            raise
    return _dataset(name)


@st.cache_resource(show_spinner=False)
def _dataset(name: str) -> ImageDataset | TextDataset:
    return open_dataset(name, settings(), fetch=False)


def data_refusal(name: str) -> DataError | None:
    """Why this reader cannot look into the samples of an own data set; None if that can be, and for published ones."""
    try:
        if is_own(name):
            store().check_data_use(name, _reader.get() or owner())
            return complaint(name, settings())
    except DataError as error:
        return error
    return None


#: For whom files are made in a thread that knows no browser.
_reader: ContextVar[str] = ContextVar("reader", default="")


def for_reader(make: Callable[[], Made]) -> Callable[[], Made]:
    """The same function, for a thread that knows no browser: what it opens is opened for whoever reads now."""
    reader = _reader.get() or owner()

    def made() -> Made:
        token = _reader.set(reader)
        try:
            return make()
        finally:
            _reader.reset(token)

    return made


def image_dataset(name: str) -> ImageDataset:
    """The same of a name that is an image set's."""
    found = dataset(name)
    if not isinstance(found, ImageDataset):
        raise TypeError(f"{name} has no images")
    return found


def text_dataset(name: str) -> TextDataset:
    """The same of a name that is a text set's."""
    found = dataset(name)
    if not isinstance(found, TextDataset):
        raise TypeError(f"{name} has no texts")
    return found


def test_probabilities(run: str) -> NDArray[np.float32]:
    """What the network of a run answered to the test samples, (samples, units); read-only, read once for all sessions.

    `StorageError` if it was not kept, is damaged, or storage does not answer.
    """
    return _test_probabilities(run, artifacts().version(run, artifact_names.TEST_PROBABILITIES))


# An entry is at most a few hundred kilobytes.
@st.cache_resource(show_spinner=False, max_entries=8)
def _test_probabilities(run: str, version: str) -> NDArray[np.float32]:
    found = artifacts().load_array(run, artifact_names.TEST_PROBABILITIES)
    found.setflags(write=False)
    return found


def test_labels(name: str) -> NDArray[np.integer]:
    """The classes of the test samples of a data set, also where it is not here but something was recorded on it.

    Those of an own set are told everybody, and stay when its samples go: they show none of these. `DataError` if there
    are none.
    """
    if is_own(name):
        return _own_test_labels(name)
    try:
        return dataset(name).y_test
    except DataError:
        found = recorded.test_labels(name)
        if found is None:
            raise
        return found


@st.cache_resource(show_spinner=False)
def _own_test_labels(name: str) -> NDArray[np.integer]:
    return np.array(labels_of_test(name, settings()))


def ask(question: InferenceRequest[AnswerT]) -> AnswerT:
    """What a trained network answers to a question; see `core.jobs.inference_client.ask` for what it raises.

    `DataError` if it is about own data that this reader may not look into, or that are gone.
    """
    if question.about_data:
        store().check_run_data(question.run, _reader.get() or owner(), question.about_data)
    for name in question.other_data:
        store().check_data_use(name, _reader.get() or owner())
    if recorded.is_recorded(question.run):
        return recorded_answer(question, artifacts())
    return inference_client.ask(settings(), question)


def forget() -> None:
    """Give back the store and read the settings anew at the next call: for tests, each with a home of its own."""
    with _opening:
        if _store.cache_info().currsize:
            _store().close()
        for kept in (_store, settings, artifacts):
            kept.cache_clear()


def owner() -> str:
    """An opaque code for this browser, from its cookie; a passing one where cookies are off or made up."""
    cookie = st.context.cookies.get(OWNER_COOKIE)
    if is_cookie(cookie):
        return str(cookie)
    if OWNER_COOKIE not in st.session_state:
        st.session_state[OWNER_COOKIE] = secrets.token_urlsafe(16)
    return str(st.session_state[OWNER_COOKIE])


def viewer() -> Viewer:
    """This browser, and from where it looks."""
    peer = st.context.ip_address
    return Viewer(owner(), address_of(peer if isinstance(peer, str) else None, dict(st.context.headers)))
