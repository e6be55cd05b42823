"""Authentication: grants, the decision pipeline, authorization codes."""
