"""Foreign exceptions to house errors: one table for every library of the wire.

HTTP and SOAP, queues and SSH have a file each; here they are one. A test walks the
libraries and fails on an exception class that is missing here, so an upgrade that
brings a new one is noticed before it escapes as a traceback.
"""

from __future__ import annotations

from hub.errors import HubError
from hub.wire import faults_queue, faults_sftp, faults_web
from hub.wire.faults_table import made, nearest

TABLE = made((*faults_web.GROUPS, *faults_queue.GROUPS, *faults_sftp.GROUPS))

#: what a call catches: everything the table knows
FOREIGN: tuple[type[BaseException], ...] = tuple(TABLE)


def translate(error: BaseException, *, endpoint: str = "", where: str = "") -> HubError:
    """The house error for a foreign one; the nearest class in the table wins."""
    return nearest(TABLE, error, endpoint=endpoint, where=where)
