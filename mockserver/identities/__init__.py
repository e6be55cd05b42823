"""Identities: the accounts elsewhere that a user signs in with."""
