"""Single words of the weekly report in Simplified Chinese: headings, columns, reasons, causes. Pure."""

from app.reports.measures import Verdict
from app.reports.weekly import Band

HEADINGS = {
    "todo": "先办这几件事",
    "branches": "各网点情况",
    "words": "客户原话",
    "themes": "客户谈到了什么",
    "texts": "客户主动发来的短信",
    "new_words": "新出现的词",
    "put_right": "问题解决得怎样",
    "answered": "谁作了答",
    "numbers": "数据明细",
    "left_alone": "为什么没有打扰",
    "causes": "已办结问题的原因",
    "notes": "怎样看这些数字",
}
COLUMNS = {
    "customer": "客户",
    "awaited": "在等",
    "over": "已超时",
    "branch": "网点",
    "code": "编号",
    "n": "答复数",
    "texts": "短信数",
    "value": "数值",
    "low": "区间下限",
    "high": "区间上限",
    "last": "上周",
    "verdict": "变化",
    "p": "p值（已计入多重比较）",
    "band": "在各网点中",
    "what": "项目",
    "count": "数量",
    "share": "占比",
    "comment": "客户原话",
    "rating": "评分",
    "scale": "量表",
    "language": "语言",
    "theme": "主题",
    "unhappy": "其中不满意",
    "cases": "新增问题",
    "overdue": "超时",
    "visible": "可见变化",
    "smallest": "能看出的最小变化",
    "measure": "指标",
    "between": "区间",
    "polarity": "情感",
    "and": "到",
}
LINKS = {
    "numbers": "查看数据",
    "xlsx": "电子表格",
    "pdf": "PDF",
    "stop": "不再接收此邮件",
    "answers": "查看全部原话",
}
BANDS = {Band.TOP: "靠前", Band.TYPICAL: "居中", Band.LOW: "靠后"}
REASONS = {
    "no_programme": "这类业务不做调查",
    "opted_out": "已要求不再打扰",
    "no_consent": "未同意接受调查",
    "no_channel": "没有可用的联系方式",
    "frequency_cap": "90天内已经问过",
    "open_conversation": "另一份调查还没结束",
    "open_case": "反映的问题正在处理",
    "hold": "暂停调查",
    "stale_event": "办理业务已过去太久",
    "sampling": "未被抽中",
    "quota": "当天已问够人数",
    "drip": "24小时内已收到短信",
    "quiet_hours": "没有合适的发送时间",
}
CAUSES = {"waiting": "等候", "staff": "态度", "fees": "收费", "system": "系统", "other": "其他"}
FUNNEL = {
    "service_events": "到店和来电",
    "eligible": "可以询问",
    "invited": "本周询问",
    "delivered": "已送达",
    "started": "开始作答",
    "completed": "全部答完",
    "partial": "答了一部分",
    "opted_out": "要求不再打扰",
    "answers": "本周收到的答复",
    "late": "过期后才答（不计入）",
}
VERDICTS = {
    Verdict.BETTER: "变好了",
    Verdict.WORSE: "变差了",
    Verdict.NO_REAL_CHANGE: "没有实质变化",
    Verdict.TOO_EARLY: "还说不准",
    Verdict.NO_COMPARISON: "无从比较",
    Verdict.TOO_FEW: "答复太少",
    Verdict.WITHHELD: "暂不显示",
}
