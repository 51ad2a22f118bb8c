"""An X.509 signature over a request, by lxml and ``cryptography`` alone.

XML Signature 1.0 as the WS-Security X.509 profile uses it: the certificate travels
as a BinarySecurityToken, each signed part is named by its ``wsu:Id``, digested with
SHA-256 over its exclusive canonical form, and the list of digests is signed with
RSA-SHA256 or ECDSA-SHA256. No xmlsec: that would be one more C library which has to
fit lxml's libxml2 to the digit.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from hub.errors import SettingInvalid

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_BASE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_WSSE = f"{_BASE}wssecurity-secext-1.0.xsd"
_WSU = f"{_BASE}wssecurity-utility-1.0.xsd"
_X509 = f"{_BASE}x509-token-profile-1.0#X509v3"
_BASE64 = f"{_BASE}soap-message-security-1.0#Base64Binary"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_CERTIFICATE = "agency-hub-certificate"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and its certificate; signs the body and, if there, the timestamp."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate

    @classmethod
    def load(cls, key: bytes, certificate: bytes, password: bytes = b"") -> Signer:
        """From PEM; raises ``SettingInvalid`` if they are none or do not match."""
        try:
            private = serialization.load_pem_private_key(key, password or None)
            found = x509.load_pem_x509_certificate(certificate)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SettingInvalid(
                "签名私钥或证书不是可用的 PEM，或私钥口令不对",
                "The signing key or certificate is no usable PEM, or its password is"
                " wrong",
                detail=type(error).__name__,
            ) from error
        if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            raise SettingInvalid(
                "签名私钥须为 RSA 或椭圆曲线（ECDSA）；国密 SM2 尚不支持",
                "The signing key has to be RSA or ECDSA; SM2 is not spoken yet",
            )
        if private.public_key() != found.public_key():
            raise SettingInvalid(
                "签名私钥与证书不是一对", "The signing key is not the certificate's"
            )
        return cls(private, found)

    def sign(self, envelope: etree._Element, security: etree._Element) -> None:
        """Add the token and the signature to the security header."""
        space = etree.QName(envelope.tag).namespace
        parts = [envelope.find(f"{{{space}}}Body")]
        parts.append(security.find(f"{{{_WSU}}}Timestamp"))
        security.append(self._token())
        signature = etree.SubElement(security, f"{{{DS}}}Signature", nsmap={"ds": DS})
        info = etree.SubElement(signature, f"{{{DS}}}SignedInfo")
        etree.SubElement(info, f"{{{DS}}}CanonicalizationMethod", Algorithm=EXCLUSIVE)
        is_rsa = isinstance(self.key, rsa.RSAPrivateKey)
        method = _RSA if is_rsa else _ECDSA
        etree.SubElement(info, f"{{{DS}}}SignatureMethod", Algorithm=method)
        for number, part in enumerate(part for part in parts if part is not None):
            name = f"agency-hub-{number}"
            part.set(f"{{{_WSU}}}Id", name)
            _refer(info, name, part)
        value = etree.SubElement(signature, f"{{{DS}}}SignatureValue")
        _name_key(signature)
        value.text = base64.b64encode(self._signed(canonical(info))).decode()

    def _token(self) -> etree._Element:
        token = etree.Element(f"{{{_WSSE}}}BinarySecurityToken")
        token.set("EncodingType", _BASE64)
        token.set("ValueType", _X509)
        token.set(f"{{{_WSU}}}Id", _CERTIFICATE)
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        token.text = base64.b64encode(der).decode()
        return token

    def _signed(self, content: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        der = self.key.sign(content, ec.ECDSA(hashes.SHA256()))
        size = (self.key.curve.key_size + 7) // 8
        r, s = decode_dss_signature(der)
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def canonical(element: etree._Element) -> bytes:
    """Exclusive canonical XML 1.0, without comments."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def _refer(info: etree._Element, name: str, part: etree._Element) -> None:
    reference = etree.SubElement(info, f"{{{DS}}}Reference", URI=f"#{name}")
    transforms = etree.SubElement(reference, f"{{{DS}}}Transforms")
    etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=EXCLUSIVE)
    etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=_SHA256)
    digest = hashlib.sha256(canonical(part)).digest()
    told = etree.SubElement(reference, f"{{{DS}}}DigestValue")
    told.text = base64.b64encode(digest).decode()


def _name_key(signature: etree._Element) -> None:
    key = etree.SubElement(signature, f"{{{DS}}}KeyInfo")
    holder = etree.SubElement(key, f"{{{_WSSE}}}SecurityTokenReference")
    told = etree.SubElement(holder, f"{{{_WSSE}}}Reference", URI=f"#{_CERTIFICATE}")
    told.set("ValueType", _X509)
