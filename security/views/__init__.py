from security.views.figures import figures_csv, overdue_csv, overdue_list, oversight
from security.views.leads import cause, lead, lead_act, lead_list, raise_lead, reminder_list

__all__ = [
    "cause",
    "figures_csv",
    "lead",
    "lead_act",
    "lead_list",
    "overdue_csv",
    "overdue_list",
    "oversight",
    "raise_lead",
    "reminder_list",
]
