"""One colour of the app's own, and the shades of it that can be read on the pages."""

from __future__ import annotations

BLACK, WHITE = "#000000", "#ffffff"
LIGHT, DARK = "#f4f5f8", "#20242f"  # `--fill` in authkit.css: of the surfaces with text the nearest to grey
FOR_TEXT, FOR_SHAPES = 4.5, 3.0  # WCAG 2.2, criteria 1.4.3 and 1.4.11


def stylesheet(color: str) -> str:
    """Sets `--accent` for areas, `--on-accent` for text on them, `--accent-text` and `--accent-edge` for the rest."""
    on_accent = max((WHITE, BLACK), key=lambda text: contrast(text, color))
    return (
        f":root {{ --accent: {color}; --on-accent: {on_accent}; {_shades(color, LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_shades(color, DARK)} }} }}\n"
    )


def _shades(color: str, surface: str) -> str:
    text, edge = (readable(color, surface, ratio) for ratio in (FOR_TEXT, FOR_SHAPES))
    return f"--accent-text: {text}; --accent-edge: {edge};"


def readable(color: str, background: str, ratio: float) -> str:
    """The colour, moved towards black or white only as far as the contrast needs."""
    end = max((WHITE, BLACK), key=lambda text: contrast(text, background))
    for step in range(101):
        shade = _mix(color, end, step / 100)
        if contrast(shade, background) >= ratio:
            return shade
    return end


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), by the formula of WCAG 2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    shares = [channel / 255 for channel in _channels(color)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(color: str, end: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(end), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue
