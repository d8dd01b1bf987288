"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "entry:update": _("更新已发布的目录条目"),
    "entry:publish": _("发布目录条目"),
    "entry:withdraw": _("撤销目录条目"),
    "entry-draft:keep": _("保存编制中的条目"),
    "entry-draft:finding": _("标注编制中的条目"),
    "entry-draft:discard": _("删除编制中的条目"),
    "database:lead": _("登记数据库的牵头部门"),
    "database:end": _("停用主题数据库"),
    "standard:register": _("登记数据标准"),
    "standard:end": _("停止施行数据标准"),
    "contribution:offer": _("自愿提供社会数据"),
    "contribution:accept": _("接收社会数据"),
    "contribution:decline": _("不接收社会数据"),
    "contribution:withdraw": _("退出社会数据"),
    "law:amended": _("登记法规修改"),
    "import:upload": _("上传目录文件"),
    "import:commit": _("批量导入目录"),
    "import:discard": _("放弃批量导入"),
    "legacy:register": _("登记已建平台和系统"),
    "legacy:move": _("记入平台和系统的整合状态"),
    "audit-finding:enter": _("录入审计结果"),
    "entry-draft:twins": _("说明编制中的条目不是重复采集"),
}
OBJECTS = {
    "entry": _("目录条目"),
    "legacy-system": _("已建平台和系统"),
    "audit-finding": _("审计结果"),
    "entry-draft": _("编制中的条目"),
    "import": _("批量导入"),
    "database": _("基础数据库和主题数据库"),
    "standard": _("数据标准"),
    "contribution": _("社会数据"),
    "law": _("法规"),
}
