"""Finds adapters by their manifests and opens them for endpoints.

Nothing here names an agency's system: a folder with a manifest is an adapter.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from hub.contract.adapter import Adapter, lacking
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Ability, Manifest, load_manifest
from hub.errors import ManifestInvalid, NotFound, RequestInvalid, SettingInvalid

#: what every adapter does, whatever its system can
_ALWAYS = ("read", "locate")


@dataclass(frozen=True, slots=True)
class Registry:
    """The adapters on disk and the endpoints of this deployment."""

    manifests: Mapping[str, Manifest]
    endpoints: Mapping[str, Endpoint]
    _classes: dict[str, type[Adapter]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, endpoints: Iterable[Endpoint]) -> Self:
        """Read every manifest in ``folder`` and match the endpoints to them.

        Raises ``ManifestInvalid`` (also where a class lacks what its manifest
        claims) or ``SettingInvalid`` (an unknown system).
        """
        manifests = load_manifests(folder)
        rows = {one.code: one for one in endpoints}
        for one in rows.values():
            if one.system not in manifests:
                raise SettingInvalid(
                    f"接入点 {one.code} 的系统 {one.system} 没有适配器",
                    f"Endpoint {one.code}: no adapter for system {one.system}",
                    where=f"endpoint.{one.code}.system",
                )
        classes = {
            system: adapter_class(manifests[system])
            for system in sorted({one.system for one in rows.values()})
        }
        return cls(manifests, rows, classes)

    def endpoint(self, code: str) -> Endpoint:
        """One endpoint; raises ``NotFound``."""
        found = self.endpoints.get(code)
        if found is None:
            known = ", ".join(sorted(self.endpoints))
            raise NotFound(
                f"没有接入点 {code}；已配置：{known}",
                f"There is no endpoint {code}; configured: {known}",
                where="endpoint",
            )
        return found

    def manifest(self, code: str) -> Manifest:
        """The manifest of an endpoint's system; raises ``NotFound``."""
        return self.manifests[self.endpoint(code).system]

    def can(self, code: str, ability: Ability) -> bool:
        """Does an endpoint's system do this? Raises ``NotFound``."""
        return ability in self.manifest(code).can

    def demand(self, code: str, ability: Ability) -> None:
        """Raises ``RequestInvalid`` where an endpoint's system does not do this."""
        if not self.can(code, ability):
            raise RequestInvalid(
                f"该接入点的系统不支持 {ability}",
                f"This endpoint's system cannot do this: {ability}",
                where="endpoint",
            )

    def adapter_version(self, system: str) -> str:
        """What stands in every raw record and facet: system and version."""
        return f"{system}/{self.manifests[system].version}"

    def open(self, code: str) -> Adapter:
        """A fresh adapter for an endpoint; use it with ``async with``."""
        endpoint = self.endpoint(code)
        manifest = self.manifests[endpoint.system]
        return self._class(manifest)(endpoint, manifest)

    def receivers(self, agency: str, node: str) -> tuple[Endpoint, ...]:
        """The endpoints through which an agency can be handed this node."""
        return tuple(
            one
            for one in self.endpoints.values()
            if agency in (*one.serves, one.agency)
            and node in self.manifests[one.system].receives
        )

    def _class(self, manifest: Manifest) -> type[Adapter]:
        if manifest.system not in self._classes:
            self._classes[manifest.system] = adapter_class(manifest)
        return self._classes[manifest.system]


def load_manifests(folder: Path) -> dict[str, Manifest]:
    """Every manifest below a folder, by system."""
    found = {}
    for path in sorted(folder.glob("*/manifest.yaml")):
        manifest = load_manifest(path)
        if manifest.system != path.parent.name:
            raise ManifestInvalid(
                f"清单的 system 必须等于文件夹名 {path.parent.name}",
                f"system must be the folder's name, {path.parent.name}",
                where=str(path),
            )
        found[manifest.system] = manifest
    return found


def adapter_class(manifest: Manifest) -> type[Adapter]:
    """The class a manifest names as ``adapters.SYSTEM.module:Class``.

    Raises ``ManifestInvalid`` where there is none, or where it cannot do what the
    manifest says it can.
    """
    where, _, name = manifest.adapter.partition(":")
    is_own = where.startswith(f"adapters.{manifest.system}.")
    try:
        module = importlib.import_module(where) if is_own else None
        found = cast("type[Adapter]", getattr(module, name))
    except (ImportError, AttributeError) as error:
        raise ManifestInvalid(
            f"适配器类 {manifest.adapter} 无法载入",
            f"The adapter class {manifest.adapter} cannot be loaded: {error}",
            where=f"adapters/{manifest.system}/manifest.yaml: adapter",
        ) from error
    missing = lacking(found, (*_ALWAYS, *manifest.can))
    if missing:
        said = ", ".join(missing)
        raise ManifestInvalid(
            f"适配器类 {manifest.adapter} 没有清单声明的能力：{said}",
            f"The adapter class {manifest.adapter} lacks what its manifest claims: "
            f"{said}",
            where=f"adapters/{manifest.system}/manifest.yaml: can",
        )
    return found
