"""A vendor's WSDL, loaded once: checked by us, understood by zeep, judged by libxml2.

The description is a file of the adapter. Its files may import each other within one
folder and may be mended by stated patches; nothing is fetched. Whatever cannot be
used is refused with file, line, reason and remedy.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import zeep
from lxml import etree
from zeep.wsdl import Document as ZeepDocument

from hub.errors import InterfaceInvalid
from hub.wire.faults_web import FOREIGN
from hub.wire.wsdl_files import Shelf, VendorFile
from hub.wire.wsdl_flaws import flaw, refusal
from hub.wire.wsdl_judge import Judge, judge
from hub.wire.wsdl_mime import without_attachments
from hub.wire.wsdl_names import Names
from hub.wire.wsdl_ports import Spoken, choose
from hub.wire.wsdl_references import unresolved

#: one at a time: zeep tells what it leaves out by warnings, which are process-wide
_LOCK = threading.Lock()
#: what zeep raises on descriptions beyond its own exceptions
_STUMBLES: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    etree.LxmlError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Wsdl:
    """One port of a WSDL, ready to be spoken (接口描述).

    ``binding`` and ``types`` are zeep's; ``files`` are what was read, with digests
    and the reasons of every patch.
    """

    path: Path
    spoken: Spoken
    names: Names = field(repr=False)
    files: tuple[VendorFile, ...]
    binding: Any = field(repr=False)
    types: Any = field(repr=False)
    judge: Judge = field(repr=False)

    @property
    def version(self) -> str:
        """The version of SOAP: ``1.1`` or ``1.2``."""
        return self.spoken.version

    @property
    def operations(self) -> Mapping[str, Any]:
        """zeep's operations by name."""
        return dict(self.binding.all())


@lru_cache(maxsize=64)
def load_wsdl(path: Path, port: str = "", folder: Path | None = None) -> Wsdl:
    """Read a WSDL once a process; raises ``InterfaceInvalid`` with every flaw.

    ``port`` names the port to speak where there are several; ``folder`` is the
    border for its imports, by default the folder it stands in.
    """
    place = path.resolve()
    shelf = Shelf(folder or place.parent)
    names = Names(shelf)
    names.walk(str(place))
    faults = [*names.faults, *unresolved(names)]
    if faults:
        raise refusal(faults)
    spoken = choose(names, port)
    shelf.replace(without_attachments(names))
    with _LOCK:
        document, left_out = _understood(shelf, str(place))
    binding = _binding(document, spoken)
    bound = {node.get("name", "") for node in spoken.binding if node.get("name")}
    lost = [*left_out, *sorted(bound - set(binding.all() if binding else ()))]
    if binding is None or lost:
        why = "; ".join(lost) or spoken.port
        raise refusal([flaw("other", shelf.name(str(place)), why=why[:300])])
    return Wsdl(path, spoken, names, shelf.files, binding, document.types, judge(names))


def _understood(shelf: Shelf, place: str) -> tuple[Any, list[str]]:
    """zeep's document, and what it says it left out."""
    settings = zeep.Settings(
        strict=True,
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=False,  # the shelf itself gives nothing but what was read
        xml_huge_tree=False,
    )
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            document = ZeepDocument(place, shelf, settings=settings)  # type: ignore[arg-type] # zeep's types say the class
    except InterfaceInvalid:
        raise
    except (*FOREIGN, *_STUMBLES) as error:
        why = f"{type(error).__name__}: {error}"[:300]
        raise refusal([flaw("other", shelf.name(place), why=why)]) from error
    return document, [
        str(one.message) for one in told if issubclass(one.category, UserWarning)
    ]


def _binding(document: Any, spoken: Spoken) -> Any:
    for definition in document._definitions.values():
        service = definition.services.get(spoken.service)
        port = service and service.ports.get(spoken.port)
        if port:
            return port.binding
    return None
