"""Events: what happened in an environment, in order."""
