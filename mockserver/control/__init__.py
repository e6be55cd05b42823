"""The control plane, /_emulate: what a test wants and production has not."""
