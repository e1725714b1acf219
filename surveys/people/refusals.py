"""Why something said of a place or a member of staff cannot be kept: the field, and a sentence in each language."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

SENTENCES: Mapping[str, tuple[str, str]] = {
    "code_empty": (
        "Give a code of up to 24 letters, digits, dots or hyphens, as your other systems know it.",
        "请填写编码：最多24个字母、数字、点或连字符，与贵行其他系统一致。",
    ),
    "code_taken": ("{code} is the code of another one already; choose another.", "编码{code}已被使用，请换一个。"),
    "name_empty": ("Give the name in English.", "请填写英文名称。"),
    "name_long": (
        "{name} has {n} characters; only {most} fit into a text to a customer. Shorten it.",
        "“{name}”有{n}个字，短信里只放得下{most}个，请缩短。",
    ),
    "person_empty": ("Give the name.", "请填写姓名。"),
    "kind": ("Choose company, region or branch.", "请选择总行、区域或网点。"),
    "parent_empty": ("Choose the place above; only the company has none.", "请选择上级机构，只有总行没有上级。"),
    "parent_is_branch": ("A branch has no places below it; choose a region.", "网点之下不能再设机构，请选择区域。"),
    "parent_closed": ("{place} is closed; choose another place above.", "{place}已经关闭，请选择其他上级。"),
    "company_above": ("The company stands at the top; it cannot be moved.", "总行是最上级，不能移动。"),
    "cycle": ("{place} lies below this place itself; choose another.", "{place}是本机构的下级，请选择其他上级。"),
    "second_company": ("There is a company already; make this a region.", "已有总行，请将其设为区域。"),
    "still_above": ("Places lie below it; a branch has none. Move them first.", "它还有下级机构，请先移走再改为网点。"),
    "time_zone": (
        "{zone} is no time zone we know; use a name like Asia/Shanghai.",
        "没有时区{zone}，请用Asia/Shanghai这样的名称。",
    ),
    "country": (
        "{country} is no country we know; use two letters like CN.",
        "没有国家或地区{country}，请用两个字母，如CN。",
    ),
    "subdivision": (
        "{part} is no part of {country} with holidays of its own; leave it empty.",
        "{country}没有单独放假的地区{part}，请留空。",
    ),
    "phone": (
        "Write the phone with its country code, like +861055550100.",
        "请填写带国家代码的电话，如+861055550100。",
    ),
    "email": ("Write an e-mail address, like anna@example.com.", "请填写邮箱地址，如anna@example.com。"),
    "hours": ("Give both times as 09:00, the first before the second.", "请按09:00的格式填写两个时间，先开门后关门。"),
    "weekdays": (
        "Give the open weekdays as digits, 1 for Monday to 7 for Sunday.",
        "请用数字填写营业日，1为周一，7为周日。",
    ),
    "gone": ("{name} has left; choose somebody else.", "{name}已离职，请选择其他人。"),
    "below_open": ("Places below it are open; close or move them first.", "它的下级机构仍在营业，请先关闭或移走。"),
    "days": ("The last day lies before the first; correct it.", "结束日期早于开始日期，请更正。"),
    "days_many": ("A period has at most a year; close the place instead.", "期间最长一年；更久请关闭该机构。"),
    "reason_empty": ("Say why, in a few words.", "请用几个字说明原因。"),
    "overlaps": ("They are already away on some of these days.", "这些日期里已有登记的休假。"),
    "role": ("Choose one of the roles.", "请选择岗位。"),
    "language": ("Choose English or Chinese.", "请选择英文或中文。"),
    "phone_taken": (
        "{name} has this phone already; two people cannot share one.",
        "{name}已登记此电话，两人不能共用。",
    ),
    "manager_cycle": (
        "{name} answers to this person already; choose somebody else.",
        "{name}本就归此人管理，请选择其他人。",
    ),
    "deputy_cycle": (
        "{name} is stood in for by this person already; choose somebody else.",
        "{name}本就由此人代班，请选择其他人。",
    ),
    "self_manager": ("Nobody is their own manager; choose somebody else.", "不能是自己的上级，请选择其他人。"),
    "self_deputy": ("Nobody is their own deputy; choose somebody else.", "不能替自己代班，请选择其他人。"),
    "no_phone": ("There is no phone yet; write it down first.", "还没有电话，请先填写。"),
    "verified": ("This phone is verified already.", "此电话已经验证。"),
    "too_often": (
        "Enough codes were sent to this phone today; try again tomorrow.",
        "今天发到此电话的验证码已够多，请明天再试。",
    ),
    "code_wrong": ("This is not the code that was texted; read it again.", "验证码不对，请再看一遍短信。"),
    "code_over": ("The code is no longer valid; send a new one.", "验证码已失效，请重新发送。"),
    "successor": ("Name who takes over: somebody else who is still here.", "请指定接手人：仍在岗的其他同事。"),
    "has_left": ("They have left already.", "此人已经离职。"),
    "unknown_place": ("{code} is not the code of a place; correct it.", "没有编码为{code}的机构，请更正。"),
    "unknown_staff": ("{code} is not the code of a member of staff; correct it.", "没有编码为{code}的员工，请更正。"),
    "past": ("The day is over; choose today or a later one.", "日期已过，请选择今天或之后的日期。"),
}


@dataclass(frozen=True)
class Wrong:
    """What cannot be kept: the field it was said in, and why."""

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """The sentence that says what to do."""
        return SENTENCES[self.code][language.startswith("zh")].format_map(self.values)
