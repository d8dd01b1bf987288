from __future__ import annotations

from procedures.declare import Relation

requester = Relation("requester", "数据使用部门")
provider = Relation("provider", "数据提供部门")
authority = Relation("authority", "市数据主管部门")

RELATIONS = (requester, provider, authority)
