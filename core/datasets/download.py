"""Fetching a data set from where `keras.datasets` fetches it."""

from __future__ import annotations

import hashlib
import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.catalog import DATASETS, DatasetInfo, RemoteFile
from core.datasets import cache
from core.datasets.archives import Arrays
from core.datasets.containers import containers
from core.datasets.dataset import FetchProgress
from core.errors import DataDamagedError, NoNetworkError
from core.settings import Settings

if TYPE_CHECKING:
    from requests import Response

Progress = Callable[[FetchProgress], None]

BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CHUNK = 2**16
#: Where requests looks for a file or folder of certificates to trust, in this order.
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
#: A file this many times its size is something else; it is not fetched to the end.
_MOST = 2
_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE = 10, 30


def fetch(known: DatasetInfo, settings: Settings, progress: Progress | None) -> Arrays:
    """The checked arrays of a data set from the network; files are kept only until they are read.

    Raises:
        NoNetworkError: If the source cannot be reached, refuses, or breaks off.
        DataDamagedError: If something else came than what is published.
        DataError: If there is no room for the files.
    """
    with cache.workspace(known, settings) as desk:
        done = 0
        for remote in known.downloads:
            done += _one(remote, desk, done, known, progress)
        found = containers(desk, known)
        if not found:  # files of these names, but of another data set
            raise _wrong(known.downloads[0].name, known)
        try:
            return found[0].read(known)
        except DataDamagedError as error:
            name = Path(str(error.details["name"])).name
            raise _wrong(name, known) from error


def offline_choices() -> str:
    """The data sets that need no network."""
    return ", ".join(each.name for each in DATASETS.values() if each.offline)


def _one(remote: RemoteFile, desk: Path, before: int, known: DatasetInfo, progress: Progress | None) -> int:
    """Fetch one file into a folder; returns how many bytes it has."""
    import requests  # nothing else here needs it, and it takes its time

    about = {
        "dataset": known.name,
        "host": urlsplit(BASE_URL).netloc,
        "files": " / ".join(known.files),
        "offline": offline_choices(),
    }
    done, found = 0, hashlib.sha256()
    try:
        with _asked(BASE_URL + remote.name, about) as answer:
            if not answer.ok:
                raise NoNetworkError(
                    "data_not_served", **about, received=f"{remote.name}: {answer.status_code}"
                )
            chunks = answer.iter_content(_CHUNK)
            with (desk / remote.name).open("wb") as file:
                while chunk := _next(chunks, about):
                    file.write(chunk)
                    found.update(chunk)
                    done += len(chunk)
                    if done > _MOST * remote.size:
                        raise _wrong(remote.name, known)
                    if progress is not None:
                        here = before + min(done, remote.size)
                        progress(FetchProgress(remote.name, here, known.download_bytes))
    except requests.RequestException as error:
        raise NoNetworkError("data_no_network", **about) from error
    if remote.sha256 is not None and found.hexdigest() != remote.sha256:
        raise _wrong(remote.name, known)
    return remote.size


def _asked(url: str, about: Mapping[str, str]) -> Response:
    """The beginning of an answer.

    Raises:
        NoNetworkError: If no connection can be trusted, and why.
        requests.RequestException: If there is none for another reason.
    """
    import requests

    bundle = next((os.environ[name] for name in _BUNDLES if os.environ.get(name)), "")
    try:
        return requests.get(
            url,
            stream=True,
            timeout=(_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE),
            headers={"Accept-Encoding": "identity"},  # a server must not unpack a .gz file on the way
        )
    except requests.exceptions.SSLError as error:
        refused = _refused(error)
        if refused is not None:
            raise NoNetworkError("data_not_trusted", **about, reason=refused.verify_message) from error
        if not bundle:
            raise
        raise NoNetworkError("data_no_certificates", **about, bundle=bundle) from error
    except requests.RequestException:
        raise
    except OSError as error:  # what requests says if that file is not there
        if not bundle:
            raise NoNetworkError("data_no_network", **about) from error
        raise NoNetworkError("data_no_certificates", **about, bundle=bundle) from error


def _refused(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """What the check of a certificate said, if that is behind an error; the libraries wrap it several times."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def _next(chunks: Iterator[bytes], about: dict[str, str]) -> bytes:
    """The next piece; empty at the end."""
    import requests

    try:
        return next(chunks, b"")
    except requests.RequestException as error:
        raise NoNetworkError("data_cut_short", **about) from error


def _wrong(name: str, known: DatasetInfo) -> DataDamagedError:
    host = urlsplit(BASE_URL).netloc
    return DataDamagedError(
        "data_wrong_download", name=name, dataset=known.name, host=host, files=" / ".join(known.files)
    )
