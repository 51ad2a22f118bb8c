"""What the SSH library raises, and what it means to us."""

from __future__ import annotations

import asyncssh
from asyncssh import asn1, config, packet, pbe, process, public_key, saslprep, sftp

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
    Text,
)

Group = tuple[tuple[type[BaseException], ...], type[AgencyError], Text | None]

_KEY = Text("SSH 密钥无法使用", "An SSH key cannot be used")

GROUPS: tuple[Group, ...] = (
    (
        (
            asyncssh.Error,
            asyncssh.DisconnectError,
            asyncssh.ConnectionLost,
            asyncssh.ServiceNotAvailable,
            asyncssh.ChannelOpenError,
            asyncssh.ChannelListenError,
            process.ProcessError,
            sftp.SFTPError,
            sftp.SFTPFailure,
            sftp.SFTPNoConnection,
            sftp.SFTPConnectionLost,
            sftp.SFTPNoSuchFile,
            sftp.SFTPNoSuchPath,
            sftp.SFTPNoMedia,
            sftp.SFTPNotADirectory,
            sftp.SFTPFileAlreadyExists,
            sftp.SFTPDirNotEmpty,
            sftp.SFTPCannotDelete,
            sftp.SFTPDeletePending,
            sftp.SFTPLinkLoop,
            sftp.SFTPInvalidFilename,
            sftp.SFTPFileIsADirectory,
            sftp.SFTPFileCorrupt,
            sftp.SFTPEOFError,
        ),
        AgencyUnreachable,
        Text("交换目录不可用", "The exchange folder cannot be reached"),
    ),
    (
        (process.TimeoutError,),
        AgencyUnreachable,
        Text("对方系统未在时限内应答", "The agency's system did not answer in time"),
    ),
    (
        (asyncssh.HostKeyNotVerifiable,),
        AgencyUnreachable,
        Text(
            "对方 SSH 主机密钥与登记的不符",
            "The SSH host key is not the one that was pinned",
        ),
    ),
    (
        (
            asyncssh.PermissionDenied,
            asyncssh.IllegalUserName,
            asyncssh.PasswordChangeRequired,
            sftp.SFTPPermissionDenied,
            sftp.SFTPWriteProtect,
            sftp.SFTPUnknownPrincipal,
            sftp.SFTPOwnerInvalid,
            sftp.SFTPGroupInvalid,
        ),
        AgencyLoginRefused,
        Text(
            "无权登录或读写交换目录",
            "This account may not log in, or not read or write the exchange folder",
        ),
    ),
    (
        (
            public_key.KeyImportError,
            public_key.KeyExportError,
            public_key.KeyGenerationError,
            pbe.KeyEncryptionError,
            config.ConfigParseError,
            saslprep.SASLPrepError,
        ),
        AgencyLoginRefused,
        _KEY,
    ),
    (
        (
            sftp.SFTPNoSpaceOnFilesystem,
            sftp.SFTPQuotaExceeded,
            sftp.SFTPLockConflict,
            sftp.SFTPByteRangeLockConflict,
            sftp.SFTPByteRangeLockRefused,
            sftp.SFTPNoMatchingByteRangeLock,
        ),
        AgencyBusy,
        Text("交换目录已满或被占用", "The exchange folder is full or locked"),
    ),
    (
        (
            asyncssh.ProtocolError,
            asyncssh.ProtocolNotSupported,
            asyncssh.KeyExchangeFailed,
            asyncssh.MACError,
            asyncssh.CompressionError,
            packet.PacketDecodeError,
            asn1.ASN1Error,
            asn1.ASN1EncodeError,
            asn1.ASN1DecodeError,
            sftp.SFTPBadMessage,
            sftp.SFTPOpUnsupported,
            sftp.SFTPInvalidHandle,
            sftp.SFTPInvalidParameter,
        ),
        AgencyAnswerUnreadable,
        Text("对方应答不是有效的 SFTP", "The answer is not valid SFTP"),
    ),
)
