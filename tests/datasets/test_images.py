"""Whatever is done to a file, reading it gives the published content or a DataDamagedError."""

import contextlib
import gzip
import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog import ARRAYS, dataset_info
from core.datasets.containers import containers
from core.errors import DataDamagedError
from tests.datasets.spoiling import spoil

SPOILED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def assert_all_or_nothing(folder, known, content):
    for container in containers(folder, known):
        with contextlib.suppress(DataDamagedError):
            found = container.read(known)
            assert all((found[name] == content[name]).all() for name in ARRAYS["image"])


@SPOILED
@given(data=st.data())
def test_archives(small, folder, data):
    good = small.npz(small.arrays("mnist"))
    small.put(folder, {"mnist.npz": spoil(good, data.draw)})
    assert_all_or_nothing(folder, dataset_info("mnist"), small.arrays("mnist"))


@SPOILED
@given(data=st.data(), array=st.sampled_from(ARRAYS["image"]), packed=st.booleans())
def test_idx_files(small, folder, data, array, packed):
    files = small.served("fashion_mnist")
    name = f"{small.IDX[array]}.gz"
    if packed:
        files[name] = spoil(files[name], data.draw)
    else:
        files[name] = gzip.compress(spoil(gzip.decompress(files[name]), data.draw), 1)
    small.put(folder, files)
    assert_all_or_nothing(folder, dataset_info("fashion_mnist"), small.arrays("fashion_mnist"))


def test_a_folder_that_is_not_there_has_nothing(small, folder):
    assert containers(folder, dataset_info("mnist")) == ()


def test_an_incomplete_group_is_no_container(small, folder):
    files = small.served("fashion_mnist")
    files.popitem()
    small.put(folder, files)
    assert containers(folder, dataset_info("fashion_mnist")) == ()


@pytest.mark.parametrize("huge", [2**31, 2**40])
def test_a_header_that_promises_too_much_is_refused_before_reading(small, folder, huge):
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        member, {"descr": "|u1", "fortran_order": False, "shape": (huge, 28, 28)}
    )
    with zipfile.ZipFile(small.put(folder, {}) / "mnist.npz", "w") as archive:
        for name in ARRAYS["image"]:
            archive.writestr(f"{name}.npy", member.getvalue())
    (container,) = containers(folder, dataset_info("mnist"))
    with pytest.raises(DataDamagedError) as caught:
        container.read(dataset_info("mnist"))
    assert caught.value.code == "data_wrong_shape"
