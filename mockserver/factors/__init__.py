"""Authentication factors: TOTP, enrolled, challenged and verified."""
