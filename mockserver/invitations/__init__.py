"""Invitations: a mailed token that opens sign-up and joins an organization."""
