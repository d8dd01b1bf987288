"""The interface's side of the data centre: grants, the data under them, what it was used for, one's own holdings."""
