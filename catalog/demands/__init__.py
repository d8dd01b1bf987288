"""需求对接: lines of the reported lists, guards, likely entries, who follows a need, pages of `procedures/demand`."""
