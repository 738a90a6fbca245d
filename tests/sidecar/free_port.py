"""A port on which a process of a test will listen."""

import random
import socket

# Below the ports that Linux gives to outgoing connections (net.ipv4.ip_local_port_range begins at 32768): one of
# those can be taken by any connection of another test between here and the start of the process.
PORTS = range(20_000, 32_768)


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
