from __future__ import annotations

from web.views.case import attach, attachment, case, neighbour, note, reassign, urge
from web.views.drafts import discard, draft, draft_attachment, send_filing_back, sign_filing
from web.views.filing import filing
from web.views.mine import mine
from web.views.pages import accessibility, design, help_page, home
from web.views.procedures import procedure, procedures
from web.views.steps import send_draft_back, sign_draft, step
from web.views.worklist import drop_view, export, hand_over, keep_view, worklist

__all__ = [
    "accessibility",
    "attach",
    "attachment",
    "case",
    "design",
    "discard",
    "draft",
    "draft_attachment",
    "drop_view",
    "export",
    "filing",
    "hand_over",
    "help_page",
    "home",
    "keep_view",
    "mine",
    "neighbour",
    "note",
    "procedure",
    "procedures",
    "reassign",
    "send_draft_back",
    "send_filing_back",
    "sign_draft",
    "sign_filing",
    "step",
    "urge",
    "worklist",
]
