"""Who looks at the console: a token in a cookie that no script and no site can use."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from hub.errors import NotAllowed, TokenInvalid
from hub.records.caller import Caller

#: checks a token; raises ``TokenInvalid``
KnowCaller = Callable[[str], Caller]

COOKIE = "hub_console"
LANGUAGE = "hub_language"
_YEAR = 365 * 24 * 3600

#: nothing but our own stylesheet: no script, no frame, no outside host
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def known(request: Request, know: KnowCaller) -> Caller:
    """The caller of the cookie; raises ``TokenInvalid`` where there is none."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise TokenInvalid
    return know(token)


def keep(response: Response, request: Request, token: str) -> None:
    """Put the token where only this site's own requests carry it."""
    response.set_cookie(
        COOKIE,
        token,
        path="/console",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget(response: Response) -> None:
    """End the session."""
    response.delete_cookie(COOKIE, path="/console", httponly=True, samesite="strict")


def keep_language(response: Response, language: str) -> None:
    """Remember the language that was asked for."""
    response.set_cookie(
        LANGUAGE, language, _YEAR, path="/console", httponly=True, samesite="strict"
    )


def form_key(request: Request) -> str:
    """What a form has to bring back: derived from the cookie, which no site reads."""
    token = request.cookies.get(COOKIE, "").encode()
    return hmac.new(token, b"console form", hashlib.sha256).hexdigest()


def check_form(request: Request, given: str) -> None:
    """Raise ``NotAllowed`` for a form that this console did not show."""
    if not hmac.compare_digest(form_key(request), given):
        raise NotAllowed(
            "表单已失效，请返回刷新后重试",
            "The form is no longer good; go back, reload and try again",
            where="form_key",
        )
