"""How the console looks: its icon, its style, light or dark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = ["ICON", "SESSION", "STILL_OPEN", "STYLE", "dark"]

ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="6" cy="9" r="5" '
    'fill="#0b5f66"/><circle cx="12" cy="5" r="3" fill="#e0913a"/></svg>'
)
STYLE: Final = (Path(__file__).parent / "console.css").read_text(encoding="utf-8")

SESSION: Final = "/session"
"""Answers whether a session is open."""

STILL_OPEN: Final = f"""<script>setInterval(async () => {{
  const asked = await fetch("{SESSION}").catch(() => null);
  if (asked?.status === 401) location.assign("/login");
}}, 4000)</script>"""
"""Leads a page whose session has ended, or whose console began anew, to the log-in."""


def dark(cookies: Mapping[str, str]) -> bool | None:
    """Return whether a browser chose dark pages; None: as its system has them."""
    return {"dark": True, "light": False}.get(cookies.get("penchant_shade", ""))
