"""Which pages may show ours inside them, and by which names this server may be called."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import SettingsError

FRAMES, HOSTS = "TURNING_POINT_FRAMES", "TURNING_POINT_HOSTS"
_LABELS = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_ORIGIN = re.compile(rf"https?://(?:(?:\*\.)?{_LABELS}|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?")
_NAME = re.compile(rf"\*|(?:\*\.)?{_LABELS}|\[?[0-9a-f:.]+\]?")


@dataclass(frozen=True)
class WebSettings:
    """What the web server, and nothing else, has to know.

    Attributes:
        frames: Origins whose pages may show ours in a frame, beside our own: "https://moodle.example.org".
        hosts: Names by which this server is called beside those it knows; "*.example.org" is any name below one,
            "*" every name.
    """

    frames: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> WebSettings:
        """Read TURNING_POINT_FRAMES and TURNING_POINT_HOSTS: words with spaces between them.

        Raises:
            SettingsError: If one of them cannot be what it should; what stands in a header is checked here.
        """
        env = os.environ if environment is None else environment
        frames = tuple(one.lower().removesuffix("/") for one in env.get(FRAMES, "").split())
        for origin in frames:
            if not _ORIGIN.fullmatch(origin):
                raise SettingsError("frames_no_origin", received=origin)
        hosts = tuple(one.lower().strip("[]").removesuffix(".") for one in env.get(HOSTS, "").split())
        for name in hosts:
            if not _NAME.fullmatch(name):
                raise SettingsError("hosts_no_name", received=name)
        return cls(frames, hosts)

    def may_be_framed(self) -> bool:
        """Whether pages of others may show ours, so that our cookie has to work inside them."""
        return bool(self.frames)
