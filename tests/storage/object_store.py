"""An object store that speaks S3, in this process: moto's server, with its keys and address in the environment."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def s3_server(bucket: str = "") -> Iterator[str]:
    """Have one, with a bucket if it is named; gives its address. Skips where moto or s3fs is missing."""
    if importlib.util.find_spec("s3fs") is None:
        pytest.skip("s3fs is not installed (pip install 'turning-point[s3]')")
    moto = pytest.importorskip("moto.server", reason="moto is not installed, or Flask (the extra 'test')")
    from s3fs import S3FileSystem

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in access(address).items():
                patch.setenv(name, value)
            S3FileSystem.clear_instance_cache()  # which are known by what they were told, not by the environment
            if bucket:
                S3FileSystem().mkdir(bucket)
            yield address
    finally:
        server.stop()
        S3FileSystem.clear_instance_cache()


def access(address: str) -> dict[str, str]:
    """The variables by which a store is reached."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "teacher",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
