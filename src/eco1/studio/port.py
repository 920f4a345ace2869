"""Whether a viewer can be served where it is asked for."""

import socket

from eco1.core.errors import Eco1Error


def check_port(host: str, port: int) -> None:
    """Raise when a port is taken: viser would silently take the next one, and a user who asked for one wants to know.

    Raises:
        Eco1Error: when the port does not exist or is in use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            raise Eco1Error(f"Port {port} does not exist. Allowed: 0 to 65535. Run: eco1 play --port 8081") from error
        except OSError as error:
            raise Eco1Error(
                f"Cannot serve on {host}:{port} ({error.strerror}). Is another viewer running there? "
                f"Run: eco1 play --port {port + 1 if port < 65535 else 8081}"
            ) from error
