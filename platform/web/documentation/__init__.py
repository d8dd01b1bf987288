"""The documents in docs/ that are written from the declarations: `manage.py docs` writes them, `--check` compares.

Nothing here asks the database or the day: the same code gives the same documents, on any machine.
"""
