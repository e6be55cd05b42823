"""Groups: members of an organization, put together under a name."""
