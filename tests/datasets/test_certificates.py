"""A download over a connection that cannot be trusted says so, and what to do; against a real server with TLS."""

import pytest

from core.datasets import download, open_dataset
from core.errors import NoNetworkError
from tests.datasets.server import certificates, serving
from tests.datasets.test_sources import assert_holds, left_behind


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def authority(monkeypatch, tmp_path, request, small):
    """The file of the authority behind the server from which data are fetched."""
    authority, certificate = certificates(tmp_path, **getattr(request, "param", {}))
    with serving(certificate) as server:
        server.files = small.served("mnist")
        monkeypatch.setattr(download, "BASE_URL", f"https://127.0.0.1:{server.server_port}/")
        yield authority


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_that_was_named_is_trusted(small, settings, authority, monkeypatch, variable):
    monkeypatch.setenv(variable, str(authority))
    assert_holds(open_dataset("mnist", settings), small.arrays("mnist"))


def refused(settings):
    with pytest.raises(NoNetworkError) as caught:
        open_dataset("mnist", settings)
    assert left_behind(settings) == []
    assert "TURNING_POINT_DATASETS" in str(caught.value)
    return caught.value


def test_an_authority_that_nobody_knows_is_named_as_the_reason(settings, authority):
    error = refused(settings)
    assert error.code == "data_not_trusted"
    assert "the certificate of 127.0.0.1" in str(error)
    assert "local issuer certificate" in str(error)
    assert "REQUESTS_CA_BUNDLE" in str(error)


def test_another_authority_is_named_as_the_reason(settings, authority, monkeypatch, tmp_path):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates(tmp_path / "other")[0]))
    assert refused(settings).code == "data_not_trusted"


@pytest.mark.parametrize(
    ("authority", "reason"),
    [({"days": -1}, "certificate has expired"), ({"host": "127.0.0.2"}, "IP address mismatch")],
    indirect=["authority"],
)
def test_a_certificate_that_does_not_hold_is_said_with_its_reason(settings, authority, monkeypatch, reason):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    error = refused(settings)
    assert error.code == "data_not_trusted"
    assert reason in str(error)


def nowhere(folder):
    return "/nonexistent.pem"


def garbage(folder):
    (folder / "bundle.pem").write_text("<html>Log in first</html>")
    return folder / "bundle.pem"


def half(folder):
    (folder / "bundle.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n")
    return folder / "bundle.pem"


def empty(folder):
    (folder / "bundle.pem").write_text("")
    return folder / "bundle.pem"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("bundle", [nowhere, garbage, half, empty], ids=lambda bundle: bundle.__name__)
def test_a_file_of_certificates_that_is_none_is_named(
    settings, authority, monkeypatch, tmp_path, bundle, variable
):
    path = str(bundle(tmp_path))
    monkeypatch.setenv(variable, path)
    error = refused(settings)
    assert error.code == "data_no_certificates"
    assert path in str(error)
    assert variable in str(error)


def test_a_folder_without_certificates_trusts_nobody(settings, authority, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert refused(settings).code == "data_not_trusted"


def test_a_server_that_speaks_no_tls_is_out_of_reach(settings, server, monkeypatch):
    monkeypatch.setattr(download, "BASE_URL", f"https://127.0.0.1:{server.server_port}/")
    assert refused(settings).code == "data_no_network"
