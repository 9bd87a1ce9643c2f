"""A download server on loopback, in place of the one on the internet."""

import contextlib
import datetime
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Server(ThreadingHTTPServer):
    """Serves bytes by name; remembers what was asked; can hold an answer back, or break off.

    Attributes:
        files: What there is, by name.
        asked: The names asked for so far.
        cut: After how many bytes an answer breaks off; None for none.
        gate: An answer waits after its first byte until this is set.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {}
        self.asked = []
        self.cut = None
        self.gate = threading.Event()
        self.gate.set()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:1])
        self.wfile.flush()
        self.server.gate.wait(20)
        self.wfile.write(data[1 : self.server.cut])

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving(certificate=None):
    """A server that runs, at `http://127.0.0.1:server_port/`; at `https://` if it has a certificate.

    Args:
        certificate: A file with a key and a certificate of it.
    """
    with Server() as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()


def certificates(folder, *, days=1, host="127.0.0.1"):
    """An authority of our own and a certificate that it gave to a server, as files.

    Args:
        folder: Where to put them.
        days: For how long the certificate holds from now on; one that has run out if negative.
        host: For whom.

    Returns:
        The file of the authority, and that of the server with its key.
    """
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", host)]
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in names]
    made = []
    for name, key, authority in zip(names, keys, (True, False), strict=True):
        begun = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=3))
            .not_valid_after(now + datetime.timedelta(days=1 if authority else days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False
            )
        )
        if not authority:
            names_of_host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
            begun = begun.add_extension(names_of_host, critical=False)
        made.append(begun.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    key = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = folder / "authority.pem", folder / "server.pem"
    files[0].write_bytes(made[0])
    files[1].write_bytes(key + made[1])
    return files
