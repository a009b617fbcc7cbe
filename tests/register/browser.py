"""A real browser that prints pages, and what the print looks like."""

from pathlib import Path
import shutil
import subprocess

import pytest

_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _browse(folder: Path, page: bytes, *arguments: str) -> None:
    source = folder / "page.html"
    source.write_bytes(page)
    profile = folder / "profile"
    profile.mkdir(exist_ok=True)
    subprocess.run(
        [
            _program("chromium"),
            *_QUIET,
            f"--user-data-dir={profile}",
            *arguments,
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def print_page(folder: Path, page: bytes) -> Path:
    """Print a page as a PDF file."""
    pdf = folder / "page.pdf"
    _browse(folder, page, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    return pdf


def photograph(
    folder: Path, page: bytes, *, width: int, height: int, dark: bool = False
) -> Path:
    """Take a picture of a page on a screen."""
    picture = folder / "page.png"
    _browse(
        folder,
        page,
        f"--screenshot={picture}",
        f"--window-size={width},{height}",
        *(("--blink-settings=preferredColorScheme=0",) if dark else ()),
    )
    return picture


def describe(pdf: Path) -> dict[str, str]:
    """Return what a PDF file says of itself: its pages, their size."""
    lines = subprocess.run(
        [_program("pdfinfo"), str(pdf)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return {
        key: value.strip() for key, _, value in (line.partition(":") for line in lines)
    }


def words_on(pdf: Path) -> str:
    """Return the text on a PDF file, with single spaces."""
    text = subprocess.run(
        [_program("pdftotext"), "-layout", str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return " ".join(text.split())
