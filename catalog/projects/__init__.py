"""政务信息化项目: guards, limits, queries and pages of the procedure `catalog.procedures.project`."""
