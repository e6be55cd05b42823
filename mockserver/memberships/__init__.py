"""Organization memberships: which user belongs where, and in what role."""
