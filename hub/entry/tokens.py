"""Tokens: signed JWTs that say which agency's system is asking.

Ed25519 only. The hub believes public keys from its configuration (a JWKS file) and
holds a private key in demonstrations alone. Signature, issuer, audience, end and
the presence of every claim are checked; a token for an agency that the tables or
the policy do not know is no token.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from joserfc import jwk, jwt
from joserfc.errors import ExpiredTokenError, JoseError

from hub.engine import policy
from hub.errors import SettingInvalid, TokenInvalid
from hub.records.caller import Caller

_ALGORITHM = "Ed25519"
_LEEWAY = 5  # seconds that clocks may differ
_LONGEST = 4_096
_LAST = 253_402_300_799  # the last second of the year 9999

AgencyType = Callable[[str], str | None]


class Auth(Protocol):
    """Whose tokens are believed (the part of the settings needed here)."""

    @property
    def issuer(self) -> str:
        """Who signs (iss)."""

    @property
    def audience(self) -> str:
        """For whom (aud)."""

    @property
    def jwks(self) -> Path:
        """The public keys."""

    @property
    def private_key(self) -> Path | None:
        """The private key; in demonstrations only."""


class Verifier:
    """Turns a bearer token into a caller, or says that it is none."""

    def __init__(
        self, keys: Mapping[str, Any], issuer: str, audience: str, kinds: AgencyType
    ) -> None:
        """``keys`` is a JWKS; ``kinds`` tells the type of a known agency."""
        self._keys = jwk.KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]  # a dict as read
        self._kinds = kinds
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        )

    @classmethod
    def of(cls, auth: Auth, kinds: AgencyType) -> Verifier:
        """A verifier with the configured keys; raises ``SettingInvalid``."""
        return cls(_read(auth.jwks, "auth.jwks"), auth.issuer, auth.audience, kinds)

    def caller(self, token: str) -> Caller:
        """Who signed; raises ``TokenInvalid``, always in the same words.

        Only a token of ours that has expired is told so: its signature is good. A
        token for one endpoint's posts opens no other door.
        """
        found, endpoint = self._signed(token)
        if endpoint is not None:
            raise TokenInvalid(where="Authorization", detail="endpoint")
        return found

    def poster(self, token: str) -> tuple[Caller, str]:
        """Who signed a post, and the one endpoint that the token is for."""
        found, endpoint = self._signed(token)
        if not isinstance(endpoint, str) or not endpoint:
            raise TokenInvalid(where="Authorization", detail="endpoint")
        return found, endpoint

    def _signed(self, token: str) -> tuple[Caller, object]:
        if not token or len(token) > _LONGEST:
            raise TokenInvalid(where="Authorization")
        try:
            found = jwt.decode(token, self._keys, algorithms=[_ALGORITHM])
            self._validate(found.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise TokenInvalid(
                where="Authorization", detail=type(error).__name__
            ) from error
        agency = str(found.claims["sub"])
        kind = self._kinds(agency)
        if kind is None:
            raise TokenInvalid(where="Authorization", detail="agency")
        ends = _moment(float(found.claims["exp"]))
        return Caller(agency, kind, ends), found.claims.get("endpoint")

    def _validate(self, claims: dict[str, Any]) -> None:
        try:
            self._claims.validate(claims)
        except ExpiredTokenError as error:
            raise _expired(claims) from error


def _moment(seconds: float) -> datetime:
    """A claim's time, within what a date can hold."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LAST), UTC)


def _expired(claims: Mapping[str, Any]) -> TokenInvalid:
    ended = _moment(float(claims["exp"]))
    return TokenInvalid(
        f"令牌已于 {ended:%Y-%m-%d %H:%M:%S} UTC 过期，请换新令牌",
        f"The token expired at {ended:%Y-%m-%d %H:%M:%S} UTC; send a new one",
        where="Authorization",
        detail="expired",
    )


def bearer(header: str) -> str:
    """The token of an ``Authorization`` header; empty if there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def make_keys(folder: Path) -> None:
    """Make a key pair for a demonstration: ``private.json`` and ``jwks.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    made = jwk.OKPKey.generate_key("Ed25519")
    name = made.thumbprint()
    private = {**made.as_dict(private=True), "kid": name}
    public = {**made.as_dict(private=False), "kid": name, "use": "sig"}
    secret = folder / "private.json"
    secret.touch(mode=0o600)
    secret.write_text(json.dumps(private), "utf-8")
    (folder / "jwks.json").write_text(json.dumps({"keys": [public]}), "utf-8")


def mint(auth: Auth, agency: str, *, hours: float = 8, endpoint: str = "") -> str:
    """A token that speaks for an agency; raises ``SettingInvalid`` without a key.

    With ``endpoint`` it is good for that endpoint's posts, and for nothing else.
    """
    if auth.private_key is None:
        raise SettingInvalid(
            "本部署没有签名私钥，不能签发令牌",
            "This deployment holds no private key, so it cannot sign tokens",
            where="auth.private_key",
        )
    key = jwk.OKPKey.import_key(_read(auth.private_key, "auth.private_key"))
    now = int(time.time())
    claims = {
        "iss": auth.issuer,
        "aud": auth.audience,
        "sub": agency,
        "iat": now,
        "exp": now + int(hours * 3600),
        "jti": uuid.uuid4().hex,
    }
    claims |= {"endpoint": endpoint} if endpoint else {}
    header = {"alg": _ALGORITHM, "typ": "JWT", "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=[_ALGORITHM])


def operator(hours: float | None = None) -> Caller:
    """The hub's own operator, for commands and pages inside the process."""
    ends = datetime.fromtimestamp(time.time() + hours * 3600, UTC) if hours else None
    return Caller(policy.OPERATOR, policy.OPERATOR_TYPE, ends)


def _read(path: Path, setting: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingInvalid(
            f"无法读取密钥文件 {path.name}",
            f"The key file {path.name} cannot be read",
            where=setting,
        ) from error
    if not isinstance(found, dict):
        raise SettingInvalid(
            f"密钥文件 {path.name} 不是 JSON 对象",
            f"The key file {path.name} is not a JSON object",
            where=setting,
        )
    return found
