"""Connect applications, and which of them users have authorized."""
