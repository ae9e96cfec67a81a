"""Where the key of an encrypted store comes from.

PENCHANT_STORE_KEY        64 hexadecimal digits, or a passphrase
PENCHANT_STORE_KEY_FILE   a file that holds one
else                      made once, mode 0600, in the user's configuration folder
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from penchant.errors import ConfigError

__all__ = ["read_key", "store_key"]

_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_SALT: Final = b"penchant store"


def store_key(
    url: str, *, environ: Mapping[str, str], folder: Path, make: bool = True
) -> tuple[str, Path | None]:
    """Return the key of the store at *url*, and the file where it was made just now, if it was.

    Args:
        url: Of the store; one that is not SQLite's needs no key.
        environ: The process's environment.
        folder: The user's configuration folder, never the one of the data.
        make: Whether to make a key where there is none.

    Raises:
        ConfigError: If a key file cannot be read or is empty, or there is none and none is made.
    """
    if not url.startswith("sqlite:"):
        return "", None
    given = environ.get("PENCHANT_STORE_KEY")
    if given:
        return _as_hex(given), None
    named = environ.get("PENCHANT_STORE_KEY_FILE")
    if named:
        return read_key(Path(named)), None
    place = Path(url.removeprefix("sqlite:///")).resolve()
    name = hashlib.sha256(str(place).encode()).hexdigest()[:16]
    file = folder / "keys" / f"{place.stem}-{name}.key"
    if file.exists():
        return read_key(file), None
    if not make:
        raise ConfigError(
            f"the store's key is not at {str(file)!r}",
            hint="Set PENCHANT_STORE_KEY or PENCHANT_STORE_KEY_FILE.",
        )
    return _make(file), file


def read_key(file: Path) -> str:
    """Return the key that a file holds, as 64 hexadecimal digits.

    Raises:
        ConfigError: If it cannot be read or is empty.
    """
    return _as_hex(_read(file))


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the store's key file {str(file)!r} cannot be read: {error}") from error
    if not text:
        raise ConfigError(f"the store's key file {str(file)!r} is empty")
    return text


def _make(file: Path) -> str:
    key = secrets.token_hex(32)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(key + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ConfigError(f"no place for the store's key at {str(file)!r}: {error}") from error
    return key


def _as_hex(text: str) -> str:
    """Return 64 hexadecimal digits: *text* itself, or made of a passphrase with some effort."""
    if _HEX.fullmatch(text):
        return text
    return hashlib.scrypt(text.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32).hex()
