"""The one way in which this house calls an address that somebody else wrote down.

Such an address must not reach our own machines (SSRF). So: https only; the name is resolved once, every address it
has must be a public one or lie in a network that WEBHOOK_NETWORKS allows, and the connection goes to the address that
was checked, so that a second answer of the name server changes nothing. No redirects, no proxies, short time-outs, a
limit on the whole exchange, and only the beginning of the answer is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

#: Seconds for connecting and for each wait, and for the whole exchange.
WAIT = 5.0
WHOLE = 15.0
READ = 2048
LARGEST = 256 * 1024

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address may not be called; says why."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST the body; returns whatever the partner answered. Raises Refused, OSError or http.client.HTTPException."""
    if len(body) > LARGEST:
        raise Refused(f"内容 {len(body)} 字节，超过 {LARGEST} 字节的上限")
    host, port, path = split(url)
    connection = _Pinned(host, port, resolve(host, port))
    # Each wait is short, but a partner could answer one byte a wait for ever: the watch ends the whole exchange.
    watch = threading.Timer(WHOLE, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.read(READ).decode(errors="replace"))
    finally:
        watch.cancel()
        connection.close()


def split(url: str) -> tuple[str, int, str]:
    """Host, port and path of an address that may be written down as a partner's. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise Refused(f"地址不能读：{error}") from error
    if parts.scheme != "https":
        raise Refused(f"地址应以 https:// 开头，现在是 {parts.scheme or '没有协议'}")
    if not parts.hostname:
        raise Refused("地址中没有主机名")
    if parts.username or parts.password:
        raise Refused("地址中不能写账号和口令，签名密钥由平台另行提供")
    path = parts.path or "/"
    return parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def resolve(host: str, port: int) -> str:
    """The address to connect to, when all addresses of the host may be called. Raises Refused or OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
    for address in addresses:
        if not _allowed(address):
            raise Refused(
                f"{host} 的地址 {address} 不是公网地址。确属政务外网的，请系统管理员加入 WEBHOOK_NETWORKS"
            )
    return str(addresses[0])


def _allowed(address: Address) -> bool:
    inner = _inside(address)
    if any(inner in network for network in _networks() if network.version == inner.version):
        return True
    return inner.is_global and not inner.is_multicast


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps: mapped, 6to4, or translated (64:ff9b::/96)."""
    if isinstance(address, ipaddress.IPv6Address):
        if wrapped := address.ipv4_mapped or address.sixtofour:
            return wrapped
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS]


class _Pinned(http.client.HTTPSConnection):
    """TLS to the checked address, with the certificate checked for the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=WAIT)
        self._address = address
        self._tls = ssl.create_default_context(cafile=settings.WEBHOOK_CA_FILE or None)

    def connect(self) -> None:
        self._wire: socket.socket = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._wire = self._tls.wrap_socket(self._wire, server_hostname=self.host)

    def cut(self) -> None:
        """End the exchange from another thread. `sock` cannot be asked: it is gone once the answer has begun."""
        wire = getattr(self, "_wire", None)
        if wire is not None:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                wire.close()  # already broken: nothing is left to end
