"""The pages on which a body compiles its catalogue in the browser (GOV19-12.1)."""
