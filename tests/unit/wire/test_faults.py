import importlib
import inspect
import pkgutil
import types
import warnings
from collections.abc import Iterator

import aio_pika
import aiohttp
import aiormq
import asyncssh
import pamqp
import pytest
import zeep

from hub.errors import AgencyError, AgencyFaultUnknown, AgencyUnreachable, HubError
from hub.wire.faults import TABLE, translate

#: server side and test aids of aiohttp: nothing of it runs in a call
_NOT_OURS = (
    "aiohttp.web",
    "aiohttp.worker",
    "aiohttp.pytest_plugin",
    "aio_pika.patterns",  # remote calls and worker pools over queues
    "aio_pika.pool",
    "asyncssh.gss_win32",
    "asyncssh.agent_win32",
)
#: packages that modules of these libraries ask for and that are not installed
_ABSENT = frozenset({"PyInstaller", "OpenSSL", "gssapi"})
#: classes that cannot leave a call, with the reason
_INSIDE = {
    "WebSocketError": "no web socket is opened",
    "WSHandshakeError": "no web socket is opened",
    "BadContentDispositionHeader": "a warning about multipart, which is not read",
    "BadContentDispositionParam": "a warning about multipart, which is not read",
    "EofStream": "aiohttp's own end-of-stream signal, caught by its readers",
    "BreakReceived": "a terminal's; no shell is opened",
    "SignalReceived": "a terminal's; no shell is opened",
    "SoftEOFReceived": "a terminal's; no shell is opened",
    "TerminalSizeChanged": "a terminal's; no shell is opened",
    "GSSError": "Kerberos is not asked for",
}


def _exceptions(library: types.ModuleType) -> Iterator[type[BaseException]]:
    for found in pkgutil.walk_packages(library.__path__, f"{library.__name__}."):
        if found.name.startswith(_NOT_OURS):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                module = importlib.import_module(found.name)
            except ModuleNotFoundError as error:
                if error.name not in _ABSENT:
                    raise
                continue
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, BaseException) and kind.__module__ == found.name:
                yield kind


@pytest.mark.parametrize("library", [aiohttp, zeep, aio_pika, aiormq, pamqp, asyncssh])
def test_every_exception_class_of_the_library_has_its_place(
    library: types.ModuleType,
) -> None:
    found = [kind for kind in _exceptions(library) if kind.__name__ not in _INSIDE]
    if library is aiohttp:
        found = [kind for kind in found if not _is_payload_lookup(kind)]
    assert len(found) >= 2
    assert [kind for kind in found if kind not in TABLE] == []


def _is_payload_lookup(kind: type[BaseException]) -> bool:
    """aiohttp looks up how to send a body; ours is always bytes, which it knows."""
    return kind.__module__ == "aiohttp.payload"


@pytest.mark.parametrize("foreign", sorted(TABLE, key=lambda kind: kind.__qualname__))
def test_every_place_is_a_leaf_with_both_texts(foreign: type[BaseException]) -> None:
    leaf, text = TABLE[foreign]
    assert issubclass(leaf, HubError)
    assert "code" in vars(leaf)
    assert text.zh
    assert text.en


def test_the_nearest_class_wins_and_the_foreign_text_stays_out() -> None:
    class Sudden(aiohttp.ServerDisconnectedError):
        pass

    found = translate(Sudden("身份证号 421381190001010010"), endpoint="police-x")
    assert isinstance(found, AgencyUnreachable)
    assert isinstance(found, AgencyError)
    assert found.endpoint == "police-x"
    told = f"{found} {found.message} {found.detail}"
    assert "4213" not in told
    assert "Sudden" in found.detail


def test_a_soap_fault_of_zeep_is_a_fault_nobody_listed() -> None:
    assert TABLE[zeep.exceptions.Fault][0] is AgencyFaultUnknown
