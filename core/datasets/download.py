"""Fetching a data set by `pooch` from where `keras.datasets` fetches it, and what to say when that fails."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.catalog import DATASETS, DatasetInfo, RemoteFile
from core.datasets import cache
from core.datasets.archives import Arrays
from core.datasets.containers import containers
from core.datasets.dataset import FetchProgress
from core.errors import DataDamagedError, NoNetworkError
from core.settings import Settings

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
            _retrieve(remote, desk, known, _Meter(remote, known, done, progress))
            done += remote.size
        found = containers(desk, known)
        if not found:  # files of these names, but of another data set
            raise _wrong(known.downloads[0].name, known)
        try:
            return found[0].read(known)
        except DataDamagedError as error:
            raise _wrong(Path(str(error.details["name"])).name, known) from error


@dataclass
class _Meter:
    """What pooch tells of a download, as it would tell a progress bar: `total` once the answer has begun."""

    remote: RemoteFile
    known: DatasetInfo
    before: int  # bytes of the files fetched earlier
    progress: Progress | None
    total: int | None = None
    received: int = 0  # in whole chunks

    def update(self, count: int) -> None:
        """So many bytes more have come, or fewer with the last chunk."""
        self.received += count
        if self.received > _MOST * self.remote.size + _CHUNK:
            raise _wrong(self.remote.name, self.known)
        if self.progress is not None:
            done = self.before + min(self.received, self.remote.size)
            self.progress(FetchProgress(self.remote.name, done, self.known.download_bytes))

    def reset(self) -> None:
        """Called at the end, before the whole length is told once more."""
        self.received = 0

    def close(self) -> None:
        """Called at the very end."""


def _retrieve(remote: RemoteFile, desk: Path, known: DatasetInfo, meter: _Meter) -> None:
    """Fetch one file into a folder; it gets its name there when it is complete and what was published."""
    import pooch  # nothing else here needs these two, and they take their time
    import requests

    pooch.get_logger().setLevel("WARNING")
    about = {
        "dataset": known.name,
        "host": urlsplit(BASE_URL).netloc,
        "files": " / ".join(known.files),
        "offline": ", ".join(name for name, info in DATASETS.items() if info.offline),
    }
    bundle = next((os.environ[name] for name in _BUNDLES if os.environ.get(name)), "")
    downloader = pooch.HTTPDownloader(
        progressbar=meter,
        chunk_size=_CHUNK,
        timeout=(_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE),
        headers={"Accept-Encoding": "identity"},  # a server must not unpack a .gz file on the way
    )
    try:
        # Lists of words may be written in several ways: what they say is compared, not their MD5.
        pooch.retrieve(BASE_URL + remote.name, remote.sha256, remote.name, desk, downloader=downloader)
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else str(error)
        received = f"{remote.name}: {status}"
        raise NoNetworkError("data_not_served", **about, received=received) from error
    except requests.exceptions.SSLError as error:
        refused = _refused(error)
        if refused is not None:
            raise NoNetworkError("data_not_trusted", **about, reason=refused.verify_message) from error
        if bundle:
            raise NoNetworkError("data_no_certificates", **about, bundle=bundle) from error
        raise NoNetworkError("data_no_network", **about) from error
    except requests.RequestException as error:
        code = "data_no_network" if meter.total is None else "data_cut_short"
        raise NoNetworkError(code, **about) from error
    except ValueError as error:  # the digest is another one
        raise _wrong(remote.name, known) from error
    except OSError as error:
        if error.errno is not None or not bundle:  # of the disk
            raise
        # What requests says if that file is not there.
        raise NoNetworkError("data_no_certificates", **about, bundle=bundle) from error


def _refused(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """What the check of a certificate said, if that is behind an error; the libraries wrap it several times."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def _wrong(name: str, known: DatasetInfo) -> DataDamagedError:
    host = urlsplit(BASE_URL).netloc
    return DataDamagedError(
        "data_wrong_download", name=name, dataset=known.name, host=host, files=" / ".join(known.files)
    )
