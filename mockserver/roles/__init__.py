"""Roles and permissions: what a member of an organization may do."""
