"""The catalogue for machines that are not ours: DCAT-AP 3 and schema.org, identifiers that stay, sitemaps, Atom feeds.

Everything here reads `Entry.objects.visible_to` and shows nothing that the entry's page does not show the same asker.
`describing` reads entries, `nodes` says them in the terms of `catalog.norm.terms`, `schemes` the code lists, `writing`
gives the bytes.
"""
