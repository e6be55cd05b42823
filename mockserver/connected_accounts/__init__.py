"""Pipes: data integrations, and the accounts that users connected to them."""
