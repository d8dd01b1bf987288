"""质量: what the norm and the law ask of an entry and of its data, looked at by rules that give their reasons."""
