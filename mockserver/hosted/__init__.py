"""Pages of AuthKit itself, which mails link to."""
