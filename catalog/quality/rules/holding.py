"""The data: gathered, on time, filled, right by its own checks, still as large as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clock import SHANGHAI
from statutes.enforcement import enforces

from catalog.freshness import freshness
from catalog.norm.vocabularies import label
from catalog.quality.declare import Dimension, Outcome, Place, Verdict, Weight, fails, met, none, rule
from catalog.quality.facts import Facts
from catalog.quality.rules.saying import named

#: Beyond these shares something is amiss (defaults, no law): empty cells of an item, rows fewer than before.
EMPTY_MOST, DROP_MOST = 0.5, 0.3
_EXPLAINED = ("空", "选填", "注明", "没有的", "如有")
_CHECKED = {"resident": "身份号码", "uscc": "统一社会信用代码", "region": "行政区划代码"}


def _no_data(facts: Facts) -> Verdict | None:
    return none("数据尚未汇聚，见“数据已经汇聚”") if facts.latest is None else None


@rule(
    "held", Dimension.ACCESSIBLE, "数据已经汇聚",
    asks="责任清单上的数据是否已经汇聚到城市大数据资源中心",
    mend="载入数据第一版。",
    weight=Weight.MUST, cites=("GOV19-13.1", "GOV19-17"), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-13", "CAT-30", what="数据质量：责任清单的每一条是否已经汇聚")
def held(facts: Facts) -> Verdict:
    if facts.latest is None:
        return fails("数据尚未汇聚到城市大数据资源中心")
    return met(f"第 {facts.latest.number} 版，{facts.latest.rows:,} 行")


@rule(
    "readable", Dimension.ACCESSIBLE, "数据读得出",
    asks="最近一版的数据块是否都读得出",
    mend="重新载入；读不出的原因由平台运行人员查明。",
    weight=Weight.MUST, cites=("GOV19-18",), place=Place.DATA,
)  # fmt: skip
def readable(facts: Facts) -> Verdict:
    if (early := _no_data(facts)) is not None:
        return early
    if facts.scan_wanted or facts.scan is None:
        return _waits(facts)
    if facts.scan.error:
        return fails(f"第 {facts.data_version} 版读不出：{facts.scan.error}")
    return met(f"第 {facts.data_version} 版可以读出{_extent(facts)}")


@rule(
    "items-held", Dimension.CONSISTENT, "编目的信息项都有数据",
    asks="条目列的信息项，最近一版数据是否都有",
    mend="载入含有这些信息项的新版，或者编制变更删去没有采集的信息项。",
    weight=Weight.MUST, cites=("GOV19-13.1",), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-13", what="数据质量：责任清单的信息项是否汇聚齐全")
def items_held(facts: Facts) -> Verdict:
    if facts.latest is None:
        return none("数据尚未汇聚，见“数据已经汇聚”")
    there = set(facts.latest.items)
    missing = [item["name"] for item in facts.items if item["code"] not in there]
    if missing:
        return fails(f"第 {facts.data_version} 版没有这些信息项：{named(missing)}", missing)
    return met(f"{len(facts.items)} 个信息项都有数据")


@rule(
    "types-agree", Dimension.CONSISTENT, "信息项类型与数据一致",
    asks="目录写的信息项类型，是否就是数据存放时的类型",
    mend="编制变更，把信息项类型改为数据的类型；类型本来写对的，按目录重建数据实体。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ITEMS, element="type",
)  # fmt: skip
def types_agree(facts: Facts) -> Verdict:
    pairs = [(item, facts.held[item["code"]]) for item in facts.items if item["code"] in facts.held]
    if not pairs:
        return none("数据尚未汇聚，见“数据已经汇聚”")
    apart = [(item, column) for item, column in pairs if item["type"] != column.type]
    if apart:
        item, column = apart[0]
        told = f"“{item['name']}”目录写{label('item-type', item['type'])}，数据是{column.get_type_display()}"
        more = f"，共 {len(apart)} 个" if len(apart) > 1 else ""
        return fails(told + more, [item["name"] for item, _column in apart])
    return met(f"{len(pairs)} 个信息项的类型一致")


@rule(
    "timely", Dimension.TIMELY, "按承诺的周期更新",
    asks="最近一次载入距今是否超过更新周期，超过多少天",
    mend="载入新版数据；周期写得比业务实际短的，编制变更改为实际的周期。",
    weight=Weight.MUST, cites=("GOV19-18", "REG22-12.1"), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-24", what="数据质量：以条目的更新周期衡量是否及时，写明超过的天数")
def timely(facts: Facts) -> Verdict:
    if facts.latest is None:
        return none("数据尚未汇聚，见“数据已经汇聚”")
    fresh = freshness(facts.said("update_cycle"), facts.latest.loaded_at, facts.at)
    last = facts.latest.loaded_at.astimezone(SHANGHAI).date()
    if fresh.expected is None:
        return none(f"更新周期为“{fresh.promise or '未写明'}”，没有可以衡量的期限")
    if fresh.late_by:
        return fails(
            f"承诺{fresh.promise}更新，最近一次载入在 {last}，应在 {fresh.expected} 前更新，已超过 {fresh.late_by:,} 天"
        )
    return met(f"承诺{fresh.promise}更新，最近一次载入在 {last}，下一次最迟 {fresh.expected}")


@rule(
    "filled", Dimension.COMPLETE, "该有的值不空",
    asks=f"有没有整列为空的信息项，有没有空值超过 {EMPTY_MOST:.0%} 而说明中没有写何时为空的",
    mend="补齐数据；本来可以为空的，在信息项说明中写明什么情况下为空。",
    weight=Weight.SHOULD, cites=("REG22-12.1",), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：逐项统计空值")
def filled(facts: Facts) -> Verdict:
    if (early := _not_counted(facts)) is not None:
        return early
    told, where, worst = [], [], 0.0
    for item, column in _counted(facts):
        share = column["empty"] / facts.scan.rows if facts.scan.rows else 0.0  # type: ignore[union-attr]
        worst = max(worst, share)
        if share == 1 or (share > EMPTY_MOST and not any(word in item["description"] for word in _EXPLAINED)):
            told.append(f"“{item['name']}”{'全部为空' if share == 1 else f'{_share(share)}为空'}")
            where.append(item["name"])
    if told:
        more = f"等 {len(told)} 项" if len(told) > 3 else ""
        return fails(f"{'，'.join(told[:3])}{more}{_extent(facts)}", where)
    return met(f"空值最多的一项占 {_share(worst)}{_extent(facts)}")


@rule(
    "typed", Dimension.NORM, "值合乎声明的类型",
    asks="每个值是否合乎目录声明的类型",
    mend="改正源头的数据后载入新版；类型写错的，编制变更改正类型。",
    weight=Weight.MUST, cites=("GOV19-11", "REG22-12.1"), place=Place.DATA, traced=True,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：每个值按声明的类型核对")
def typed(facts: Facts) -> Verdict:
    return _checked(facts, [i for i in _columns(facts) if i.type and not i.identifier], "不合声明的类型")


@rule(
    "coded", Dimension.ACCURATE, "代码通过校验",
    asks="身份号码、统一社会信用代码、行政区划代码是否逐个通过校验",
    mend="按行号核对源头的代码，改正后载入新版。",
    weight=Weight.MUST, cites=("REG22-11.1(三)", "REG22-12.1"), place=Place.DATA, traced=True,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：标识代码逐个校验")
def coded(facts: Facts) -> Verdict:
    return _checked(facts, [i for i in _columns(facts) if i.identifier], "没有通过校验")


def _checked(facts: Facts, columns: Sequence[Any], wrong: str) -> Verdict:
    if (early := _not_counted(facts)) is not None:
        return early
    there = [column for column in columns if column.code in facts.scan.found]  # type: ignore[union-attr]
    if not there:
        return none("没有这一类信息项")
    names = {item["code"]: item["name"] for item in facts.items}
    told, where = [], []
    for column in there:
        found = facts.scan.found[column.code]  # type: ignore[union-attr]
        if found["bad"]:
            kind = f"中的{_CHECKED[column.identifier]}" if column.identifier else ""
            rows = "、".join(map(str, found["bad_rows"][:5])) + (" 行等" if found["bad"] > 5 else " 行")
            told.append(f"“{names[column.code]}”{kind} {found['bad']:,} 个{wrong}（第 {rows}）")
            where.append(names[column.code])
    if told:
        return fails(f"{'；'.join(told[:3])}{_extent(facts)}", where)
    on_load = "，载入时已逐个核对" if all(column.checked for column in there) else ""
    return met(f"{len(there)} 个信息项的值都通过{on_load}{_extent(facts)}")


@rule(
    "keys-once", Dimension.ACCURATE, "数据元的值不重复",
    asks="本条目是唯一来源的数据元，同一个值是否只出现一次",
    mend="合并或者删去重复的记录后载入新版；不是唯一来源的，编制变更清空“数据元”。",
    weight=Weight.MUST, cites=("GOV19-16", "REG22-11"), place=Place.DATA, traced=True,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：唯一来源的数据元不重复")
def keys_once(facts: Facts) -> Verdict:
    if (early := _not_counted(facts)) is not None:
        return early
    keyed = [(item, column) for item, column in _counted(facts) if item["element"]]
    if not keyed:
        return none("没有列为数据元唯一来源的信息项")
    double = [(item["name"], column["repeats"]) for item, column in keyed if column["repeats"]]
    if double:
        told = "；".join(f"“{name}”有 {count:,} 个重复的值" for name, count in double[:3])
        return fails(f"{told}{_extent(facts)}", [name for name, _count in double])
    return met(f"{named([item['name'] for item, _column in keyed])}的值没有重复{_extent(facts)}")


@rule(
    "rows-once", Dimension.ACCURATE, "没有完全相同的行",
    asks="有没有各项都相同的行",
    mend="删去重复的行后载入新版；确实是两件事的，补上能区分它们的信息项。",
    weight=Weight.MAY, cites=("REG22-12.1",), place=Place.DATA,
)  # fmt: skip
def rows_once(facts: Facts) -> Verdict:
    if (early := _not_counted(facts)) is not None:
        return early
    repeats = facts.scan.repeats  # type: ignore[union-attr]
    if repeats:
        return fails(f"有 {repeats:,} 行与前面的行完全相同{_extent(facts)}")
    return met(f"{facts.scan.rows:,} 行各不相同{_extent(facts)}")  # type: ignore[union-attr]


@rule(
    "rows-kept", Dimension.CONSISTENT, "行数没有骤减",
    asks=f"最近一版的行数是否比上一版少 {DROP_MOST:.0%} 以上",
    mend="核对是否漏载；确实减少的，在载入说明中写明原因。",
    weight=Weight.SHOULD, cites=("REG22-12.1",), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：行数与上一版比较")
def rows_kept(facts: Facts) -> Verdict:
    if facts.latest is None:
        return none("数据尚未汇聚，见“数据已经汇聚”")
    if facts.before is None:
        return none("只有一版数据，没有可以比较的")
    now, then = facts.latest.rows, facts.before.rows
    versions = f"第 {facts.before.number} 版 {then:,} 行，第 {facts.latest.number} 版 {now:,} 行"
    if now < then * (1 - DROP_MOST):
        share = _share((then - now) / then)
        if facts.latest.note:
            return met(f"{versions}，少了 {share}，载入说明写有“{facts.latest.note}”")
        return fails(f"{versions}，少了 {share}")
    return met(versions)


@rule(
    "mended", Dimension.ACCURATE, "确认的错误已经改正",
    asks="经校核确认有误的数据，是否都已改正",
    mend="改正源头后载入新版，在校核件中写明更正所在的版本。",
    weight=Weight.MUST, cites=("REG22-12.2", "GOV19-19.2"), place=Place.DATA,
)  # fmt: skip
@enforces("CAT-30", what="数据质量：经校核确认的错误是否改正")
def mended(facts: Facts) -> Verdict:
    if facts.problems:
        return fails(f"有 {facts.problems} 处经校核确认有误，还没有改正")
    return met("没有已确认而未改正的错误")


# What the counts say


def _not_counted(facts: Facts) -> Verdict | None:
    if (early := _no_data(facts)) is not None:
        return early
    if facts.scan_wanted or facts.scan is None:
        return _waits(facts)
    return none("数据读不出，见“数据读得出”") if facts.scan.error else None


def _waits(facts: Facts) -> Verdict:
    return Verdict(Outcome.NONE, f"第 {facts.data_version} 版正在检查", waits=True)


def _counted(facts: Facts) -> list[tuple[Mapping[str, Any], dict[str, Any]]]:
    """The items that the load has, each with what was counted in it."""
    found = facts.scan.found if facts.scan else {}
    return [(item, found[item["code"]]) for item in facts.items if item["code"] in found]


def _columns(facts: Facts) -> list[Any]:
    return facts.declared


def _share(share: float) -> str:
    """42%, and less than one in a hundred said as such."""
    return "不到 1%" if 0 < share < 0.01 else f"{int(share * 100)}%"


def _extent(facts: Facts) -> str:
    """Said only where not everything was read."""
    scan = facts.scan
    if scan is None or scan.whole or facts.latest is None:
        return ""
    return f"（检查了前 {scan.rows:,} 行，共 {facts.latest.rows:,} 行）"
