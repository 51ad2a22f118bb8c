"""An SFTP server in a process of its own: ``python -m tests.unit.wire.sftp_server``.

Serves one folder to one account. Prints its port and its host key, then serves until
its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncssh


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("hub", "invented")


async def _serve(folder: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")

    def rooted(channel: asyncssh.SSHServerChannel) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    trusted = folder.parent / "trusted.pub"
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[key],
        server_factory=_Server,
        sftp_factory=rooted,
        authorized_client_keys=str(trusted) if trusted.exists() else None,
    )
    public = key.export_public_key().decode().strip()
    sys.stdout.write(f"{server.get_port()} {public}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
