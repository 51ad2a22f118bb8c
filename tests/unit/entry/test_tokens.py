import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc import jwk, jwt

from hub.entry.tokens import Verifier, bearer, make_keys, mint, operator
from hub.errors import SettingInvalid, TokenInvalid

AGENCIES = {"COURT-421300": "COURT", "HUB-OPERATOR": "HUB"}


@dataclass
class Auth:
    jwks: Path
    private_key: Path | None
    issuer: str = "hub"
    audience: str = "hub"


@pytest.fixture
def auth(tmp_path):
    make_keys(tmp_path)
    return Auth(tmp_path / "jwks.json", tmp_path / "private.json")


@pytest.fixture
def verifier(auth):
    return Verifier.of(auth, AGENCIES.get)


def signed(auth, header=None, drop=(), **claims):
    key = jwk.OKPKey.import_key(json.loads(auth.private_key.read_text()))
    now = int(time.time())
    whole = {"iss": "hub", "aud": "hub", "sub": "COURT-421300", "jti": "1"}
    whole |= {"exp": now + 60} | claims
    for name in drop:
        del whole[name]
    head = {"alg": "Ed25519", "kid": key.kid} | (header or {})
    return jwt.encode(head, whole, key, algorithms=["Ed25519"])


def test_a_minted_token_names_its_agency_and_its_end(auth, verifier):
    found = verifier.caller(mint(auth, "COURT-421300", hours=1))
    assert (found.agency, found.agency_type) == ("COURT-421300", "COURT")
    assert 3500 < found.expires_at.timestamp() - time.time() < 3700
    assert verifier.caller(mint(auth, "HUB-OPERATOR")).agency_type == "HUB"


def test_the_private_key_is_nobody_elses_to_read_and_never_in_the_public_set(auth):
    assert auth.private_key.stat().st_mode & 0o077 == 0
    (public,) = json.loads(auth.jwks.read_text())["keys"]
    assert "d" not in public


@pytest.mark.parametrize(
    ("drop", "claims"),
    [
        ((), {"iss": "other"}),
        ((), {"aud": "other"}),
        ((), {"exp": 1}),
        ((), {"exp": "soon"}),
        ((), {"sub": "COURT-9"}),
        ((), {"sub": ["COURT-421300"]}),
        ((), {"nbf": 2**40}),
        (("exp",), {}),
        (("jti",), {}),
        (("iss",), {}),
        (("aud",), {}),
        (("sub",), {}),
    ],
)
def test_a_token_with_a_wrong_or_missing_claim_is_none(auth, verifier, drop, claims):
    with pytest.raises(TokenInvalid):
        verifier.caller(signed(auth, drop=drop, **claims))


def test_an_expired_token_says_when_it_ended_and_a_forged_one_nothing(
    auth, verifier, tmp_path
):
    with pytest.raises(TokenInvalid) as told:
        verifier.caller(signed(auth, exp=1_700_000_000))
    assert "expired at 2023-11-14 22:13:20 UTC" in told.value.message.en
    assert "过期" in told.value.message.zh
    make_keys(tmp_path / "forged")
    other = Auth(auth.jwks, tmp_path / "forged" / "private.json")
    with pytest.raises(TokenInvalid) as told:
        verifier.caller(signed(other, exp=1_700_000_000))
    assert "expired" not in told.value.message.en
    with pytest.raises(TokenInvalid):
        verifier.caller(signed(auth, exp=-(2**70)))
    assert verifier.caller(signed(auth, exp=2**70)).expires_at.year == 9999


def test_a_token_of_another_key_is_none(auth, verifier, tmp_path):
    make_keys(tmp_path / "forged")
    other = Auth(auth.jwks, tmp_path / "forged" / "private.json")
    with pytest.raises(TokenInvalid):
        verifier.caller(mint(other, "COURT-421300"))


def _part(body):
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def test_other_algorithms_are_none(auth, verifier):
    good = mint(auth, "COURT-421300")
    body, signature = good.split(".")[1:]
    bare = f"{_part({'alg': 'none'})}.{body}."
    public = json.loads(auth.jwks.read_text())["keys"][0]
    secret = jwk.OctKey.import_key(public["x"])
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    confused = jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
    renamed = f"{_part({'alg': 'EdDSA'})}.{body}.{signature}"
    for token in (bare, confused, renamed):
        with pytest.raises(TokenInvalid):
            verifier.caller(token)


def test_every_changed_character_makes_it_none(auth, verifier):
    good = mint(auth, "COURT-421300")
    for place in range(0, len(good) - 2, 7):
        if good[place] == ".":
            continue
        other = "A" if good[place] != "A" else "B"
        with pytest.raises(TokenInvalid):
            verifier.caller(good[:place] + other + good[place + 1 :])


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", "....", "é.é.é", "x" * 5000])
def test_junk_is_none(verifier, junk):
    with pytest.raises(TokenInvalid):
        verifier.caller(junk)


@pytest.mark.parametrize(
    ("header", "token"),
    [("Bearer x", "x"), ("bearer  x ", "x"), ("Basic x", ""), ("", ""), ("x", "")],
)
def test_only_a_bearer_header_holds_a_token(header, token):
    assert bearer(header) == token


def test_a_deployment_without_a_private_key_signs_nothing(auth):
    with pytest.raises(SettingInvalid) as refused:
        mint(Auth(auth.jwks, None), "COURT-421300")
    assert refused.value.where == "auth.private_key"


@pytest.mark.parametrize("text", [None, "not json", "[]"])
def test_a_key_file_that_cannot_be_read_stops_the_start(auth, text):
    if text is None:
        auth.jwks.unlink()
    else:
        auth.jwks.write_text(text)
    with pytest.raises(SettingInvalid) as refused:
        Verifier.of(auth, AGENCIES.get)
    assert refused.value.where == "auth.jwks"


def test_the_operator_inside_the_process_may_be_given_an_end():
    assert operator().expires_at is None
    assert operator(1).expires_at is not None
