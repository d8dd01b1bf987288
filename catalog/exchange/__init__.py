"""Catalogues in and out by file: template, reading, dry run, commit, the marked workbook, other catalogues."""
