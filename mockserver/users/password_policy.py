"""The rules a new password must follow: its length, and how hard it is to guess."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# zxcvbn takes time that grows with the square of the length, and refuses more than 72 characters.
# Nearly every long password is settled by its beginning alone.
SCORED_LENGTHS = (32, 72)

# What zxcvbn takes for disguised letters. It reads a password in each combination of what they may stand for: with
# six of them 32 times at most, with all twenty a thousand times, for seconds.
DISGUISES = frozenset("4@8({[<369!1|0$5+7%2")
SYMBOLS_THAT_DISGUISE = str.maketrans(dict.fromkeys("@({[<!|$+%", "~"))
MOST_DISGUISES = 6
FEW_DISGUISES = 4

# Production shows the sentences of zxcvbn-ts (its "Add more words that are less common." was observed);
# the Python port has those of the original.
SUGGESTIONS = {
    "Use a few words, avoid common phrases.": "Use multiple words, but avoid common phrases.",
    "No need for symbols, digits, or uppercase letters.": (
        "You can create strong passwords without using symbols, numbers, or uppercase letters."
    ),
    "Add another word or two. Uncommon words are better.": "Add more words that are less common.",
    "Use a longer keyboard pattern with more turns.": (
        "Use longer keyboard patterns and change typing direction multiple times."
    ),
    "Avoid sequences.": "Avoid common character sequences.",
    "Capitalization doesn't help very much.": "Capitalize more than the first letter.",
    "All-uppercase is almost as easy to guess as all-lowercase.": "Capitalize some, but not all letters.",
    "Reversed words aren't much harder to guess.": "Avoid reversed spellings of common words.",
    "Predictable substitutions like '@' instead of 'a' don't help very much.": (
        "Avoid predictable letter substitutions like '@' for 'a'."
    ),
}
ADD_WORDS = SUGGESTIONS["Add another word or two. Uncommon words are better."]


def violations(password: str, *, minimum_length: int, minimum_score: int) -> list[dict[str, object]]:
    """The `errors` of a `password_strength_error`: one element for each broken rule, none when it is accepted.

    `minimum_score` is a zxcvbn score, 0 (anything goes) to 4.
    """
    errors: list[dict[str, object]] = []
    if len(password) < minimum_length:
        message = f"Password must be {minimum_length} or more characters."
        errors.append({"code": "password_too_short", "minimum_length": minimum_length, "message": message})
    if minimum_score > 0:
        score, suggestions = strength(password, minimum_score)
        if score < minimum_score:
            message = "Password is too easy to guess."
            errors.append({"code": "password_too_weak", "suggestions": suggestions, "message": message})
    return errors


def strength(password: str, enough: int) -> tuple[int, list[str]]:
    """The zxcvbn score and what would raise it. Characters after those that reach the score `enough` are not read."""
    if not password:
        return 0, [ADD_WORDS]
    for length in SCORED_LENGTHS:
        score, suggestions = judged(password[:length])
        if score >= enough or len(password) <= length:
            break
    return score, [SUGGESTIONS.get(text, text) for text in suggestions] or [ADD_WORDS]


def is_quick(password: str) -> bool:
    """Whether it is judged in some 20 milliseconds at most: it is short, with few readings of disguised letters."""
    return len(password) <= SCORED_LENGTHS[0] and len(DISGUISES.intersection(password)) <= FEW_DISGUISES


def readable(text: str) -> str:
    """The text as zxcvbn may see it: with many kinds of disguised letters, the symbols among them become plain.

    The digits stay, for they may be a date or a sequence; all ten of them can be read in six ways alone.
    """
    return text.translate(SYMBOLS_THAT_DISGUISE) if len(DISGUISES.intersection(text)) > MOST_DISGUISES else text


@lru_cache(maxsize=256)
def judged(text: str) -> tuple[int, list[str]]:
    """Score and zxcvbn's own suggestions; test suites use the same few passwords again and again."""
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it has no types

    result: dict[str, Any] = zxcvbn(readable(text))
    return result["score"], result["feedback"]["suggestions"]
