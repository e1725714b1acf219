"""What a column is, guessed from its heading in English, Chinese or German. Pure; a person confirms it."""

import re
import unicodedata
from collections.abc import Sequence

from surveys.people.table_rows import OURS, Columns, plain

_PERSON = {
    "external_ref": "客户号 客户编号 客户代码 客户ID 会员号 customernumber customerno customerid customerref custno "
    "custid clientno clientid clientnumber ref reference id number kundennummer kundennr",
    "name": "姓名 客户姓名 客户名称 名称 fullname customername clientname",
    "phone": "手机号 手机 手机号码 电话 联系电话 电话号码 移动电话 mobile mobilephone mobileno mobilenumber "
    "telephone tel cell cellphone phonenumber telefon handy",
    "email": "邮箱 电子邮箱 电子邮件 邮件 mail emailaddress mailaddress",
    "language": "语言 语种 lang sprache",
    "time_zone": "时区 timezone tz zeitzone",
    "branch": "网点 支行 机构 机构号 开户网点 开户行 网点号 homebranch branchcode filiale",
    "owner": "客户经理 经理 accountmanager relationshipmanager rm manager betreuer",
    "region": "地区 区域 place",
    "birth_date": "出生日期 生日 birthdate birthday dateofbirth dob geburtsdatum",
}
_PURCHASE = {
    "external_ref": _PERSON["external_ref"],
    "date": "日期 交易日期 交易时间 transactiondate purchasedate day datum",
    "amount": "金额 交易金额 消费金额 value total sum price betrag",
    "margin": "毛利 利润 profit grossprofit grossmargin",
}
_EVENT = {
    "source": "系统 来源系统 来源 system",
    "external_ref": "流水号 业务流水号 交易流水号 事件号 eventid eventno transactionid ticket ticketno id reference",
    "touchpoint": "触点 业务类型 服务类型 service servicetype kind type",
    "occurred_at": "时间 发生时间 办理时间 服务时间 time servedat datetime timestamp",
    "branch": "网点 支行 机构 服务网点 办理网点 branchcode",
    "staff": "员工 柜员 员工号 柜员号 employee teller agent servedby",
    "attributes.complaint": "投诉 complaint",
}
_SYNONYMS = {
    "customers": _PERSON,
    "transactions": _PURCHASE,
    # Of a customer's own columns those that a visit does not have itself.
    "events": _EVENT
    | {
        f"customer.{name}": words
        if name != "external_ref"
        else words.replace(" id ", " ").replace(" ref reference ", " ")
        for name, words in _PERSON.items()
        if name not in ("branch", "region")
    },
}


def guesses(header: Sequence[str], kind: str, columns: Columns) -> list[str]:
    """Our name for each heading; empty where none comes to mind, or another column has it already."""
    known = _meanings(kind, columns)
    found: list[str] = []
    for heading in header:
        name = plain(heading)
        ours = name if columns.welcomes(name) and name not in OURS else known.get(_bare(heading), "")
        found.append("" if ours in found else ours)
    return found


def _meanings(kind: str, columns: Columns) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for ours, words in _SYNONYMS.get(kind, {}).items():
        if columns.welcomes(ours):
            for word in (ours.removeprefix("customer."), *words.split()):
                meanings.setdefault(_bare(word), ours)
    return meanings


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading).casefold())
