"""Sessions and the tokens that belong to them."""
