"""The console's addresses: each answers with one page, or does one thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hub.console import session
from hub.console.asking import ask, order, refuse
from hub.console.drawing import draw, steps_with_spans
from hub.console.session import KnowCaller
from hub.console.words import choose
from hub.engine.hub import Hub
from hub.errors import Disposition, HubError, NotFound, RequestInvalid, TokenInvalid
from hub.records.caller import Caller

#: what pages show besides themselves: file -> media type
_LOOKS = {"console.css": "text/css", "icon.svg": "image/svg+xml"}
_HERE = Path(__file__).parent
_PAGE = 50  # rows of a list
_STATUS = {"HUB": 500, "NOT_ALLOWED": 403, "NOT_FOUND": 404}
STATES = (
    "QUEUED",
    "SENDING",
    "DELIVERED",
    "ACCEPTED",
    "RETURNED",
    "DEAD",
    "CANCELLED",
)

Handler = Callable[["Visit"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody known (or of nobody yet, at the login)."""

    request: Request
    hub: Hub
    know: KnowCaller
    language: str
    caller: Caller | None

    def page(
        self, name: str, data: Mapping[str, object] | None = None, status: int = 200
    ) -> Response:
        """One page with what every page needs."""
        shared = {
            "page": name,
            "language": self.language,
            "caller": self.caller,
            "form_key": session.form_key(self.request),
            "path": self.request.url.path,
            "query": dict(self.request.query_params),
        }
        return HTMLResponse(draw(name, shared | dict(data or {})), status)

    async def told(self, page: str, **variables: object) -> dict[str, object]:
        """The page's own question, answered."""
        return await ask(self.hub, self._somebody(), page, variables)

    async def ordered(self, page: str, **given: object) -> dict[str, object]:
        """A mutation, done."""
        return await order(self.hub, self._somebody(), page, given)

    def asked(self, name: str) -> str | None:
        """A value of the address; nothing for an empty one."""
        return self.request.query_params.get(name) or None

    async def form(self) -> dict[str, str]:
        """The form that was sent, checked to be one of ours."""
        found = await self.request.form()
        told = {name: text for name, text in found.items() if isinstance(text, str)}
        session.check_form(self.request, told.get("form_key", ""))
        return told

    def _somebody(self) -> Caller:
        if self.caller is None:
            raise TokenInvalid
        return self.caller


async def overview(visit: Visit) -> Response:
    """总览: is anything wrong now?"""
    return visit.page("overview", await visit.told("overview"))


async def failures(visit: Visit) -> Response:
    """失败: the causes, worst first, or the records of one cause."""
    cause = visit.asked("cause")
    if cause is None:
        told = await visit.told("failures", endpoint=visit.asked("endpoint"))
        return visit.page("failures", told)
    wanted = {"cause": cause, "endpoint": visit.asked("endpoint")}
    told = await visit.told(
        "cause", filter=wanted, first=_PAGE, after=visit.asked("after")
    )
    return visit.page("cause", told | {"cause": cause})


async def failure(visit: Visit) -> Response:
    """失败记录: why this one?"""
    told = await visit.told("failure", id=visit.asked("id") or "")
    if not told.get("failure"):
        raise NotFound(where="id")
    return visit.page("failure", told)


async def transfers(visit: Visit) -> Response:
    """移送: what was handed over, newest first."""
    state = visit.asked("state")
    if state is not None and state not in STATES:
        raise RequestInvalid(where="state")
    wanted = {"state": [state] if state else None, "endpoint": visit.asked("endpoint")}
    told = await visit.told(
        "transfers", filter=wanted, first=_PAGE, after=visit.asked("after")
    )
    return visit.page("transfers", told | {"states": STATES, "state": state})


async def transfer(visit: Visit) -> Response:
    """移送时间线: where is it, and how long did it take?"""
    told = await visit.told("transfer", id=visit.asked("id") or "")
    found = told.get("transfer")
    if not isinstance(found, dict):
        raise NotFound(where="id")
    found["steps"] = steps_with_spans(found["steps"])
    return visit.page("transfer", told)


async def runs(visit: Visit) -> Response:
    """批次: what did the runs do?"""
    told = await visit.told(
        "runs",
        endpoint=visit.asked("endpoint"),
        first=_PAGE,
        after=visit.asked("after"),
    )
    return visit.page("runs", told)


async def drifts(visit: Visit) -> Response:
    """报文变化: what moved in what the agencies send?"""
    told = await visit.told("drifts", endpoint=visit.asked("endpoint"))
    return visit.page("drifts", told)


async def replays(visit: Visit) -> Response:
    """重放任务: did the mend work? One of them: what changed, and whom it touches."""
    key, page = visit.asked("id"), {"first": _PAGE, "after": visit.asked("after")}
    if key is None:
        return visit.page("replays", await visit.told("replays", **page))
    told = await visit.told("replayed", id=key, **page)
    if not told.get("replayJob"):
        raise NotFound(where="id")
    return visit.page("replayed", told)


async def turn(visit: Visit) -> Response:
    """Hold a replay, go on with it, or give it up."""
    form = await visit.form()
    key = form.get("id", "")
    wish = {name: form.get("what") == name for name in ("pause", "resume", "cancel")}
    if not any(wish.values()):
        raise RequestInvalid(where="what")
    for result in (await visit.told("turn", id=key, **wish)).values():
        refuse(result)
    return RedirectResponse(f"/console/replays?id={quote(key)}", 303)


async def replay(visit: Visit) -> Response:
    """Replay one failure or dead letter."""
    form = await visit.form()
    done = await visit.ordered(
        "replay", id=form.get("id", ""), reason=form.get("reason", "")
    )
    if done.get("transfer"):
        word = "resent"
    else:
        word = "replay_closed" if done["isClosed"] else "replay_open"
    back = "/console/transfers" if done.get("transfer") else "/console/failures"
    problems = done.get("problems") or []
    return visit.page("done", {"word": word, "back": back, "problems": problems})


async def sync(visit: Visit) -> Response:
    """Have one endpoint pulled now."""
    form = await visit.form()
    await visit.ordered("sync", endpoint=form.get("endpoint", ""))
    return visit.page(
        "done", {"word": "sync_queued", "back": "/console/", "problems": []}
    )


async def login_form(visit: Visit) -> Response:
    """The form that takes a token."""
    return visit.page("login", {"refused": None})


async def login(visit: Visit) -> Response:
    """Take a token and keep it in the cookie; refused ones are told."""
    form = await visit.request.form()
    token = str(form.get("token", "")).strip()
    try:
        visit.know(token)
    except TokenInvalid as error:
        return visit.page("login", {"refused": error}, 401)
    response = RedirectResponse("/console/", 303)
    session.keep(response, visit.request, token)
    return response


async def logout(visit: Visit) -> Response:
    """Forget the token."""
    await visit.form()
    response = RedirectResponse("/console/login", 303)
    session.forget(response)
    return response


def _look(name: str) -> Route:
    """One file of the pages' looks, read once."""
    content = (_HERE / name).read_bytes()
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}

    async def answer(_: Request) -> Response:
        return Response(content, media_type=_LOOKS[name], headers=headers)

    return Route(f"/{name}", answer)


_OPEN: Mapping[str, tuple[str, Handler]] = {
    "/login": ("GET", login_form),
    "/enter": ("POST", login),
}
_KNOWN: Mapping[str, tuple[str, Handler]] = {
    "/": ("GET", overview),
    "/failures": ("GET", failures),
    "/failure": ("GET", failure),
    "/transfers": ("GET", transfers),
    "/transfer": ("GET", transfer),
    "/runs": ("GET", runs),
    "/drifts": ("GET", drifts),
    "/replays": ("GET", replays),
    "/replay": ("POST", replay),
    "/turn": ("POST", turn),
    "/sync": ("POST", sync),
    "/logout": ("POST", logout),
}


def routes(hub: Hub, know: KnowCaller) -> list[BaseRoute]:
    """The console's routes, to be mounted at ``/console``; ``know`` checks a token."""

    def served(
        handler: Handler, *, is_open: bool
    ) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await _answer(request, hub, know, handler, is_open=is_open)

        return answer

    made: list[BaseRoute] = [_look(name) for name in _LOOKS]
    for table, is_open in ((_OPEN, True), (_KNOWN, False)):
        for path, (method, handler) in table.items():
            endpoint = served(handler, is_open=is_open)
            made.append(Route(path, endpoint, methods=[method]))
    return made


async def _answer(
    request: Request, hub: Hub, know: KnowCaller, handler: Handler, *, is_open: bool
) -> Response:
    wish = request.query_params.get("lang", "")
    kept = request.cookies.get(session.LANGUAGE, "")
    language = choose(wish, kept, request.headers.get("accept-language", ""))
    visit = Visit(request, hub, know, language, None)
    try:
        if not is_open:
            caller = session.known(request, know)
            visit = Visit(request, hub, know, language, caller)
        response = await handler(visit)
    except TokenInvalid:
        response = RedirectResponse("/console/login", 303)
        session.forget(response)
    except HubError as error:
        stops = error.disposition is Disposition.STOP
        status = _STATUS.get(error.code, 503 if stops else 400)
        response = visit.page("trouble", {"error": error}, status)
    response.headers.update(session.HEADERS)
    if wish == language:
        session.keep_language(response, language)
    return response
