"""The rules a new password must follow: its length, and how hard it is to guess."""

from __future__ import annotations

# zxcvbn takes time that grows with the square of the length, and refuses more than 72 characters.
# Nearly every long password is settled by its beginning alone.
SCORED_LENGTHS = (32, 72)

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
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it has no types

    if not password:
        return 0, [ADD_WORDS]
    for length in SCORED_LENGTHS:
        result = zxcvbn(password[:length])
        if result["score"] >= enough or len(password) <= length:
            break
    suggestions = [SUGGESTIONS.get(text, text) for text in result["feedback"]["suggestions"]]
    return result["score"], suggestions or [ADD_WORDS]
