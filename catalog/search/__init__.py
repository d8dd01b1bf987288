"""Finding entries: the index, kept in the transaction of the entry, and the questions asked of it.

`words` reads what somebody typed, `index` keeps a document for each entry, `hits` asks PostgreSQL, `find` puts a page
of results together. Everything lies in PostgreSQL; there is nothing that could fall behind.
"""

from __future__ import annotations

from catalog.search.index import index

__all__ = ["index"]
