"""Mails: what production would have sent, and the inbox that keeps it."""
