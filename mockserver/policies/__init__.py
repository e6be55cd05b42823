"""Policies: how the members of an organization may sign in. Set by fixtures and control plane only."""
