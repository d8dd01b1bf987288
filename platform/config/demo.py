"""The accounts of the demonstration, one a role. `manage.py demonstrate` makes them, `make run` prints them."""

from __future__ import annotations

#: Account: what the person is. The names are a fixed interface.
ACCOUNTS = {
    "authority": "市数据主管部门 经办人",
    "authority-lead": "市数据主管部门 负责人",
    "provider": "数据提供部门 经办人",
    "provider-lead": "数据提供部门 负责人",
    "requester": "数据使用部门 经办人",
    "requester-lead": "数据使用部门 负责人",
    "district": "区县数据主管部门 经办人",
    "citizen": "个人",
    "company": "企业",
    "registrar": "登记机构 经办人",
    "auditor": "审计员",
    "sysadmin": "系统管理员",
    "secadmin": "安全管理员",
}

#: Further accounts that some matters need: nobody settles a dispute about an answer of their own.
OTHERS = {
    "authority-review": "市数据主管部门 经办人，处理对答复的异议",
    "authority-review-lead": "市数据主管部门 负责人，签发异议处理",
    "provider-education": "市教委 经办人、负责人",
    "provider-education-principal": "市教委 主要负责人，签发目录清单",
    "provider-air": "市生态环境局 经办人、负责人",
    "government": "市政府 经办人，登记对主体争议、开放属性的决定",
    "planning": "市发展改革委 经办人，审批政务信息化项目的建设方案",
    "planning-lead": "市发展改革委 负责人",
    "finance": "市财政局 经办人，安排项目资金",
    "audit-office": "市审计局 经办人，录入审计结果",
    "district-lead": "区县数据主管部门 负责人",
    "district-education": "区县部门 经办人，目录清单报区县汇总",
    "district-education-lead": "区县部门 负责人",
}

#: The password of all of them. It opens nothing outside the demonstration: a real deployment has no such accounts.
PASSWORD = "Yushu-Demo-2026"
