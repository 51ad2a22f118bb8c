"""The simulated police accept nothing but what their WSDL says."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from tests.adapters.police_case.simulator import ACCOUNT, SECRET, SERVICE
from tests.adapters.subject import Subject

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
GOOD = (
    f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body><n:FwZt xmlns:n="urn:zfba:sim">'
    f"<senderId>{ACCOUNT}</senderId><authorizeInfo>{SECRET}</authorizeInfo>"
    "</n:FwZt></e:Body></e:Envelope>"
)
HEADERS = {"Content-Type": "text/xml", "SOAPAction": '"urn:zfba:sim#FwZt"'}


def _status(subject: Subject, body: str, headers: dict[str, str]) -> tuple[int, str]:
    address = f"{subject.running.address}{SERVICE}"
    asked = urllib.request.Request(address, body.encode(), headers)
    try:
        with urllib.request.urlopen(asked) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


async def test_what_the_wsdl_says_is_answered(police: Subject) -> None:
    status, told = _status(police, GOOD, HEADERS)
    assert status == 200
    assert "3.2.1" in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("urn:zfba:sim", "urn:zfba:other"),
        (ENVELOPE, "http://www.w3.org/2003/05/soap-envelope"),
        ("FwZt", "FwZz"),
        ("<senderId>", "<x/><senderId>"),
        ("</n:FwZt>", "<xml/></n:FwZt>"),
        ("<e:Body>", "<e:Body><a/>"),
        (f"<senderId>{ACCOUNT}</senderId>", ""),
        ("</e:Envelope>", ""),
    ],
)
async def test_another_envelope_name_or_order_is_a_fault(
    police: Subject, old: str, new: str
) -> None:
    status, told = _status(police, GOOD.replace(old, new), HEADERS)
    assert status == 500
    assert "faultcode>soap:Client.Schema" in told or "VersionMismatch" in told


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json", "SOAPAction": '"urn:zfba:sim#FwZt"'},
        {"Content-Type": "text/xml", "SOAPAction": '"urn:zfba:sim#AjXq"'},
        {"Content-Type": "text/xml"},
    ],
)
async def test_another_media_type_or_action_is_a_fault(
    police: Subject, headers: dict[str, str]
) -> None:
    status, _ = _status(police, GOOD, headers)
    assert status == 500


async def test_a_wrong_secret_is_an_authentication_fault(police: Subject) -> None:
    status, told = _status(police, GOOD.replace(SECRET, "no"), HEADERS)
    assert status == 500
    assert "Client.Authentication" in told
