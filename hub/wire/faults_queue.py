"""What a message queue's libraries raise, and what it means to us."""

from __future__ import annotations

from aio_pika import exceptions as pika
from aiormq import exceptions as amqp
from pamqp import exceptions as frames

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
    Text,
)

Group = tuple[tuple[type[BaseException], ...], type[AgencyError], Text | None]

GROUPS: tuple[Group, ...] = (
    (
        (
            amqp.AMQPError,
            amqp.AMQPConnectionError,
            amqp.ConnectionClosed,
            amqp.ConnectionInternalError,
            amqp.ConnectionChannelError,
            amqp.ConnectionCommandInvalid,
            amqp.ConnectionFrameError,
            amqp.ConnectionSyntaxError,
            amqp.ConnectionUnexpectedFrame,
            amqp.ConnectionNotImplemented,
            amqp.AMQPChannelError,
            amqp.ChannelClosed,
            amqp.ChannelInvalidStateError,
            amqp.DuplicateConsumerTag,
            pika.MessageProcessError,
            frames.AMQPConnectionForced,
        ),
        AgencyUnreachable,
        None,
    ),
    (
        (
            amqp.AuthenticationError,
            amqp.ProbableAuthenticationError,
            amqp.ConnectionNotAllowed,
            amqp.ChannelAccessRefused,
            frames.AMQPAccessRefused,
            frames.AMQPNotAllowed,
            frames.AMQPInvalidPath,
        ),
        AgencyLoginRefused,
        Text(
            "账号或权限不被对方消息队列接受",
            "The message broker refuses our account or our rights",
        ),
    ),
    (
        (amqp.ChannelNotFoundEntity, frames.AMQPNotFound),
        AgencyUnreachable,
        Text("对方没有该队列或交换机", "The broker has no such queue or exchange"),
    ),
    (
        (amqp.PublishError, frames.AMQPNoRoute, frames.AMQPNoConsumers),
        AgencyUnreachable,
        Text(
            "没有任何队列接收该消息，消息未送达",
            "No queue takes the message; it was not delivered",
        ),
    ),
    (
        (
            amqp.DeliveryError,
            amqp.ConnectionResourceError,
            amqp.ChannelLockedResource,
            frames.AMQPResourceLocked,
            frames.AMQPResourceError,
        ),
        AgencyBusy,
        Text(
            "对方消息队列暂时不接收消息",
            "The message broker takes nothing at the moment",
        ),
    ),
    (
        (
            amqp.ChannelPreconditionFailed,
            frames.AMQPPreconditionFailed,
            frames.AMQPContentTooLarge,
            frames.AMQPSoftError,
        ),
        AgencyFaultUnknown,
        Text(
            "对方消息队列以其设定为由拒绝",
            "The message broker refuses this by the way it is set up",
        ),
    ),
    (
        (
            amqp.IncompatibleProtocolError,
            amqp.ProtocolSyntaxError,
            amqp.InvalidFrameError,
            amqp.MethodNotImplemented,
            pika.QueueEmpty,
            frames.PAMQPException,
            frames.UnmarshalingException,
            frames.AMQPError,
            frames.AMQPHardError,
            frames.AMQPFrameError,
            frames.AMQPSyntaxError,
            frames.AMQPCommandInvalid,
            frames.AMQPChannelError,
            frames.AMQPUnexpectedFrame,
            frames.AMQPNotImplemented,
            frames.AMQPInternalError,
        ),
        AgencyAnswerUnreadable,
        Text("对方应答不是有效的 AMQP", "The answer is not valid AMQP"),
    ),
)
