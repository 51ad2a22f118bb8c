"""The simulated system 1.5 accepts nothing but what its WSDL says."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest

from tests.adapters.procuratorate_15.simulator import ACCOUNT, PASSWORD, SERVICE
from tests.adapters.subject import Subject

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
GOOD = (
    f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body><Dl xmlns="urn:tyyw:sim">'
    f"<yhm>{ACCOUNT}</yhm><kl>{PASSWORD}</kl></Dl></e:Body></e:Envelope>"
)


def _told(subject: Subject, body: str, action: str = "Dl") -> tuple[int, str]:
    address = f"{subject.running.address}{SERVICE}"
    headers = {"Content-Type": "text/xml", "SOAPAction": f'"urn:tyyw:sim/{action}"'}
    asked = urllib.request.Request(address, body.encode(), headers)
    try:
        with urllib.request.urlopen(asked) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


async def test_a_login_by_the_wsdl_gives_a_ticket(tyyw: Subject) -> None:
    status, told = _told(tyyw, GOOD)
    assert status == 200
    assert re.search(r"<CODE>0</CODE>.*<TICKET>SIM-[0-9a-f]{32}</TICKET>", told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("urn:tyyw:sim", "urn:tyyw:other"),
        ("Dl", "Dx"),
        (f"<kl>{PASSWORD}</kl>", ""),
        (f"<yhm>{ACCOUNT}</yhm><kl>{PASSWORD}</kl>", "<kl>1</kl><yhm>2</yhm>"),
        ("</kl>", "</kl><kl>2</kl>"),
        ("<yhm>", '<yhm xmlns="">'),
        ("</e:Envelope>", ""),
    ],
)
async def test_another_name_order_or_namespace_is_a_fault(
    tyyw: Subject, old: str, new: str
) -> None:
    status, told = _told(tyyw, GOOD.replace(old, new))
    assert status == 500
    assert "Client.Schema" in told


async def test_another_action_is_a_fault(tyyw: Subject) -> None:
    assert _told(tyyw, GOOD, "AjxxCx")[0] == 500


@pytest.mark.parametrize("ticket", ["", "SIM-0"])
async def test_without_a_living_ticket_there_is_code_1002_and_http_200(
    tyyw: Subject, ticket: str
) -> None:
    call = f'<FwZt xmlns="urn:tyyw:sim"><ticket>{ticket}</ticket></FwZt>'
    body = re.sub(r"<Dl.*</Dl>", call, GOOD)
    status, told = _told(tyyw, body, "FwZt")
    assert status == 200
    assert "<CODE>1002</CODE>" in told


async def test_a_letter_in_another_order_is_a_fault(tyyw: Subject) -> None:
    ticket = re.search(r"SIM-[0-9a-f]{32}", _told(tyyw, GOOD)[1])
    assert ticket
    letter = '<?xml version="1.0" encoding="GBK"?><ROOT><AJXX/><HEAD/></ROOT>'
    call = (
        f'<AjxxJs xmlns="urn:tyyw:sim"><ticket>{ticket[0]}</ticket>'
        f"<xml><![CDATA[{letter}]]></xml></AjxxJs>"
    )
    status, told = _told(tyyw, re.sub(r"<Dl.*</Dl>", call, GOOD), "AjxxJs")
    assert status == 500
    assert "Client.Schema" in told
