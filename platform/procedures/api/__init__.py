"""The interface's side of procedures: cases, one operation per step of every procedure, drafts, attachments."""
