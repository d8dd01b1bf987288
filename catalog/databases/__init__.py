"""Base databases and theme databases: who leads each, what stands in it, whether it is kept up to date."""
