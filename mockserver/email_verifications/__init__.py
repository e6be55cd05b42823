"""E-mail verifications: proof that a user owns an address."""
