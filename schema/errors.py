"""Errors on their way out: coded and bilingual, or masked behind a reference.

A house error is told as it is. A fault of the document (syntax, unknown field) is
told in the library's words without its suggestions. Anything else is a defect:
the caller gets a reference, the log gets the reference and where it happened, and
neither the document nor a value of it is written anywhere.
"""

from __future__ import annotations

import re
import traceback
import uuid
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import (
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)

from hub import errors
from schema.shown import place

_log = structlog.get_logger(__name__)

#: what a caller's values look like in the library's English: people's words and numbers
_VALUES = re.compile(r"\d{11,}[Xx]?|[\u3400-\u9fff·]{2,}")

_OF_DOCUMENT = (
    GraphQLError,
    MissingQueryError,
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)


def told(error: GraphQLError) -> GraphQLError:
    """The error as a caller may see it."""
    cause = _cause(error)
    if cause is None or isinstance(cause, _OF_DOCUMENT):
        return _of_document(error)
    if isinstance(cause, errors.HubError):
        if cause.disposition is errors.Disposition.STOP:
            _log.error("request.failed", code=cause.code)
        return _as_told(error, cause)
    return _masked(error, cause)


def body(error: errors.HubError) -> dict[str, object]:
    """The part of an error that programs read, the same at every door."""
    return {
        "code": error.code,
        "messageZh": error.message.zh,
        "messageEn": error.message.en,
        "where": place(error.where),
        "remedy": {"zh": error.remedy.zh, "en": error.remedy.en},
    }


def _cause(error: GraphQLError) -> BaseException | None:
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _of_document(error: GraphQLError) -> GraphQLError:
    if "code" in (error.extensions or {}):
        return error
    message = _VALUES.sub("…", error.message.split(" Did you mean ")[0])
    refused = errors.RequestInvalid("GraphQL 文档无效", message, where="document")
    return _made(error, message, body(refused))


def _as_told(error: GraphQLError, cause: errors.HubError) -> GraphQLError:
    message = f"{cause.message.zh} / {cause.message.en}"
    extensions = body(cause)
    if cause.faults:
        extensions["problems"] = [
            {
                "code": fault.code,
                "where": place(fault.where),
                "messageZh": fault.message.zh,
                "messageEn": fault.message.en,
            }
            for fault in cause.faults
        ]
    return _made(error, message, extensions)


def _masked(error: GraphQLError, cause: BaseException) -> GraphQLError:
    reference = uuid.uuid4().hex
    frames = traceback.extract_tb(cause.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    _log.error(
        "request.failed",
        error_id=reference,
        error_type=type(cause).__name__,
        error_at=place,
    )
    refused = errors.HubError(
        f"内部错误，编号 {reference}", f"Internal error, reference {reference}"
    )
    extensions = body(refused) | {"reference": reference}
    return _made(error, f"{refused.message.zh} / {refused.message.en}", extensions)


def _made(
    error: GraphQLError, message: str, extensions: dict[str, Any]
) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
