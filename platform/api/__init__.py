"""The shell all interfaces share, as `web` is the shell all pages share. It knows no app.

`operation` declares one call of the interface (what it takes, gives and refuses); parsing, paging, problems, limits
of speed and the OpenAPI description follow from the declaration. Each app's calls lie in its own `api` module and
are mounted in `config.api_urls`.
"""
