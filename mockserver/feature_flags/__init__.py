"""Feature flags: what is on for a user and for an organization."""
