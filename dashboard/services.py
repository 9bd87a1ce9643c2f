"""What all sessions of the web process share: settings, storage, opened data sets."""

from __future__ import annotations

import secrets

import streamlit as st

from core.datasets import Dataset, open_dataset
from core.settings import Settings
from core.storage import Artifacts, Store, open_store

OWNER_COOKIE = "turning_point_owner"


@st.cache_resource
def settings() -> Settings:
    """The settings this server was started with."""
    return Settings.from_environment()


@st.cache_resource
def store() -> Store:
    """The one store of this process.

    Raises:
        StorageError: If the database cannot be used.
    """
    settings().make_home()
    return open_store(settings())


@st.cache_resource
def artifacts() -> Artifacts:
    """The artifact folder."""
    return Artifacts(settings().artifacts)


@st.cache_resource
def dataset(name: str) -> Dataset:
    """A data set that is here: read-only memory maps, one copy for all sessions.

    Raises:
        DataError: If it is missing or damaged; it is not fetched.
    """
    return open_dataset(name, settings(), fetch=False)


def owner() -> str:
    """An opaque code for this browser, from its cookie; a passing one where cookies are off."""
    cookie = st.context.cookies.get(OWNER_COOKIE)
    if cookie:
        return str(cookie)
    if OWNER_COOKIE not in st.session_state:
        st.session_state[OWNER_COOKIE] = secrets.token_urlsafe(12)
    return str(st.session_state[OWNER_COOKIE])
