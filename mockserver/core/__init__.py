"""The kernel: HTTP, time, storage. It knows no resource of the emulated API."""
