"""E-mail changes: moving a user to a new address that is proved by a code."""
