"""The weekly report in Simplified Chinese. Pure."""

from collections import Counter

from app.insights.suppression import SHOWN_FROM
from app.reports import words_zh as tables
from app.reports.figures import Awaited, Level, Overdue, Verbatim, in_language
from app.reports.measures import NpsWeek, Rate, RateWeek, Score, Verdict
from app.reports.verbatims import SCALES, Chosen, Role
from app.reports.weekly import TEXT_THEMES_TOLD, Band, BranchWeek, Report
from app.reports.wording import Line, hundredths, points, scope_names, theme_name

_TONES = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.TOO_EARLY: "soon"}
_ROLES = {Role.BEST: "最好", Role.WORST: "最差", Role.TYPICAL: "最有代表性"}
_AWAITED = {
    Awaited.CONTACT: "回电",
    Awaited.RESOLVE: "解决问题",
    Awaited.PROMISE: "兑现承诺",
}


def _few(names: list[str]) -> str:
    """最多四个名称，标题才不会太长。"""
    return "、".join(names) if len(names) <= 4 else f"{'、'.join(names[:3])}等{len(names)}个网点"


class Chinese:
    """平实的中文。"""

    language = "zh"
    html_lang = "zh-Hans"
    headings = tables.HEADINGS
    columns = tables.COLUMNS
    links = tables.LINKS
    bands = tables.BANDS
    reasons = tables.REASONS
    causes = tables.CAUSES
    funnel = tables.FUNNEL
    verdicts = tables.VERDICTS

    def dateline(self, report: Report) -> str:
        a, b = report.starts, report.ends
        end = f"{b.month}月{b.day}日" if a.month != b.month or a.year != b.year else f"{b.day}日"
        end = f"{b.year}年{end}" if a.year != b.year else end
        week = int(report.iso_week.split("W")[-1])
        return f"{self._name(report)}，第{week}周，{a.year}年{a.month}月{a.day}日至{end}"

    def file_title(self, report: Report) -> str:
        return f"第{int(report.iso_week.split('W')[-1])}周：{self.headline(report).rstrip('。')}"

    def headline(self, report: Report) -> str:
        worse, better = scope_names(report.worse, "zh"), scope_names(report.better, "zh")
        told = []
        if worse:
            told.append(f"{_few(worse)}比上周差")
        if better:
            told.append(f"{_few(better)}比上周好")
        compared = [b for b in report.branches if b.nps.last]
        if told:
            rest = len(compared) - len(worse) - len(better)
            tail = "其余网点属正常波动。" if rest else ""
            return f"{'，'.join(told)}。{tail}"
        told = [self._quiet(report, bool(compared))]
        if report.nps.verdict not in (Verdict.BETTER, Verdict.WORSE):
            told.append(
                {Verdict.BETTER: "满意的客户比上周多。", Verdict.WORSE: "满意的客户比上周少。"}.get(
                    report.csat.verdict, ""
                )
            )
        if report.overdue:
            told.append(self.overdue(len(report.overdue)).text)
        return "".join(told)

    def _quiet(self, report: Report, compared: bool) -> str:
        """没有哪个网点突出时的标题。"""
        match report.nps.verdict:
            case Verdict.BETTER | Verdict.WORSE:
                word = "好" if report.nps.verdict is Verdict.BETTER else "差"
                return f"{self._name(report)}比上周{word}。" + ("没有哪个网点特别突出。" if compared else "")
            case Verdict.TOO_FEW:
                return "本周答复太少，暂不显示得分。"
            case Verdict.WITHHELD:
                return "答复够数，得分暂不显示：否则能推算出一个小网点的得分。"
            case Verdict.NO_COMPARISON:
                return "本周有得分，上周没有得分可比。"
            case Verdict.TOO_EARLY:
                return "答复不多，变化还说不准。"
        if compared:
            return "平稳的一周，各网点都属正常波动。"
        return "平稳的一周，得分属正常波动。"

    def preheader(self, report: Report) -> str:
        parts = [] if report.overdue is None else [self.overdue(len(report.overdue)).text]
        if report.put_right:
            share = report.put_right.share
            parts.append(f"{share.n}位回访客户中，{share.x}位说问题解决了。")
        return "".join(parts)

    def taken_together(self, report: Report) -> Line:
        week, lead = report.nps, "合计：" if report.branches else ""
        if week.score is None:
            return Line(before=f"共{week.n:,}份答复。{self._hidden(week.verdict, '得分')}")
        limits = week.score.interval
        after = f"，区间{points(limits.low)}到{points(limits.high)}，共{week.n:,}份答复。"
        if week.last:
            after += f"上周{points(week.last.value)}，共{week.last.counts.n:,}份。"
        return Line(points(week.score.value), after + self._whole(week), f"{lead}NPS ")

    def _whole(self, week: NpsWeek) -> str:
        seen = f"{round(week.visible_from)}分" if week.visible_from else ""
        match week.verdict:
            case Verdict.BETTER:
                return f"变好了：升幅超出偶然波动。按这样的答复数，能可靠看出的最小变化约为{seen}。"
            case Verdict.WORSE:
                return f"变差了：降幅超出偶然波动。按这样的答复数，能可靠看出的最小变化约为{seen}。"
            case Verdict.NO_REAL_CHANGE:
                return f"没有实质变化：按这样的答复数，约{seen}以内的升降与偶然波动分不开。"
            case Verdict.TOO_EARLY:
                return f"还说不准：答复不多，变动约{seen}才看得出来。"
        return "上周没有得分可比。"

    def above(self, report: Report) -> str:
        if not report.above or not report.above_score:
            return ""
        return f"{in_language(report.above, 'zh')}整体：{self.score(report.above_score)}。"

    def score(self, score: Score) -> str:
        limits = score.interval
        return f"NPS {points(score.value)}，区间{points(limits.low)}到{points(limits.high)}，共{score.counts.n:,}份答复"

    def rate_week(self, kind: str, week: RateWeek) -> Line | None:
        what = {"csat": "满意（5分制打4、5分）：", "ces": "觉得省事（7分制打5到7分）："}[kind]
        if not week.n:
            return None
        if week.rate is None:
            return Line(before=f"{what}共{week.n:,}份答复。{self._hidden(week.verdict, '占比')}")
        after = f"，{self._between(week.rate)}，共{week.n:,}份答复。"
        if week.last:
            after += f"上周{hundredths(week.last.value)}%，"
            after += {
                Verdict.BETTER: "升幅超出偶然波动。",
                Verdict.WORSE: "降幅超出偶然波动。",
                Verdict.TOO_EARLY: "答复不多，还说不准。",
            }.get(week.verdict, "没有实质变化。")
        return Line(f"{hundredths(week.rate.value)}%", after, what)

    def overdue(self, count: int | None) -> Line:
        if count is None:
            return Line("这一周已经过去。", "现在谁在等候，请看控制台的“回电”。")
        if not count:
            return Line("没有客户的等候超过时限。")
        return Line(f"有{count}位客户的等候已超过时限。", tone="bad")

    def as_of(self, report: Report) -> str:
        at = report.issued_at
        return f"截至{at.year}年{at.month}月{at.day}日{at:%H:%M}。"

    def awaited(self, case: Overdue) -> str:
        what = _AWAITED[case.awaited]
        return f"{what}（{self._topic(case.topic)}）" if case.topic else what

    def _topic(self, topic: str) -> str:
        return self.causes.get(topic) or theme_name(topic, "zh")

    def duration(self, minutes: int) -> str:
        if minutes >= 2880:
            return f"{minutes // 1440}天"
        if minutes >= 60:
            return f"{minutes // 60}小时"
        return f"{max(minutes, 1)}分钟"

    def worth_changing(self, report: Report) -> Line | None:
        cause = report.worth_changing
        if cause is None:
            return None
        share = cause.rate.share
        return Line(
            "值得改进：",
            f"{share.n}个已办结的问题里，{share.x}个出在{self._topic(cause.cause)}上，{self._share(cause.rate)}。",
        )

    def verdict(self, week: NpsWeek) -> Line:
        if week.score is None:
            return Line("答复太少。", f"{week.n}份答复，满10份才显示得分。", tone="mid")
        word = self.verdicts[week.verdict] + "。"
        seen = f"变动约{round(week.visible_from)}分才看得出来" if week.visible_from else ""
        match week.verdict:
            case Verdict.BETTER | Verdict.WORSE:
                move = "升幅" if week.verdict is Verdict.BETTER else "降幅"
                after = f"{move}超出偶然波动，计入多个网点同时比较之后也是如此。"
            case Verdict.NO_REAL_CHANGE:
                after = f"{self._move(week)}，属于正常波动；{seen}。"
            case Verdict.TOO_EARLY:
                after = f"有一周不足30份答复；{seen}。"
            case _:
                after = "上周没有得分可比。"
        return Line(word, after, tone=_TONES.get(week.verdict, "mid"))

    def _move(self, week: NpsWeek) -> str:
        moved = round(week.score.value) - round(week.last.value) if week.score and week.last else 0
        return "得分相同" if not moved else f"{'升' if moved > 0 else '降'}了{abs(moved)}分"

    def nps(self, week: NpsWeek, band: Band | None) -> Line | None:
        if week.score is None:
            return None
        limits = week.score.interval
        after = f"，区间{points(limits.low)}到{points(limits.high)}，{week.n:,}份答复。"
        after += f"上周{points(week.last.value)}，{week.last.counts.n}份。" if week.last else ""
        after += {Band.TOP: "高于多数网点。", Band.LOW: "低于多数网点。"}.get(band, "") if band else ""
        return Line(points(week.score.value), after, "NPS ")

    def hidden(self, branches: tuple[BranchWeek, ...], level: Level) -> list[tuple[str, Line]]:
        few = [b for b in branches if b.nps.verdict is Verdict.TOO_FEW]
        kept = [b for b in branches if b.nps.verdict is Verdict.WITHHELD]
        whole = "全行" if level is Level.COMPANY else "区域"
        out = []
        if few:
            sizes = "、".join(f"{b.nps.n}份" for b in few) if len(few) <= 4 else f"各不足{SHOWN_FROM}份"
            after = f"{sizes}。满10份才显示得分和原话，这些答复已计入{whole}合计。"
            out.append((_few(scope_names(tuple(b.names for b in few), "zh")), Line("答复太少。", after, tone="mid")))
        if kept:
            sizes = "、".join(f"{b.nps.n}份" for b in kept)
            after = f"{sizes}。如果显示，就能推算出另一个小网点的得分；这些答复已计入{whole}合计。"
            out.append((_few(scope_names(tuple(b.names for b in kept), "zh")), Line("暂不显示。", after, tone="mid")))
        return out

    def others(self, branches: tuple[BranchWeek, ...]) -> tuple[str, Line]:
        kinds = Counter(b.nps.verdict for b in branches)
        told = [f"{self.verdicts[kind]}{count}个" for kind, count in kinds.most_common()]
        return f"另外{len(branches):,}个网点", Line(before=f"{'，'.join(told)}。逐个情况见数据明细。")

    def more(self, count: int) -> str:
        return f"另有{count:,}位，见数据明细。"

    def credit(self, verbatim: Verbatim) -> str:
        place = in_language(verbatim.branch, "zh")
        if verbatim.rating is None or verbatim.kind not in SCALES:
            return place
        return f"{place}，{verbatim.rating}分（满分{SCALES[verbatim.kind][1]}）"

    def chosen_note(self, report: Report, chosen: tuple[Chosen, ...]) -> str:
        if not chosen:
            if report.comments:
                return f"本周收到{report.comments}条原话。答复满10份的地方才显示原话。"
            return "本周没有客户留言。"
        if report.comments_readable == 1:
            return "本周唯一的一条原话。"
        roles = "、".join(_ROLES[one.role] for one in chosen)
        if report.comments_drawn < report.comments_readable:
            drawn = f"{report.comments_readable:,}条原话中随机抽取的{report.comments_drawn:,}条里"
            return f"从{drawn}选出{roles}的。"
        return f"从{report.comments_readable:,}条原话中选出{roles}的。"

    def theme_share(self, rate: Rate, unhappy: int) -> str:
        sad = f"其中{unhappy}条来自不满意的客户" if unhappy else "都不是来自不满意的客户"
        return f"{rate.share.n:,}条里有{rate.share.x}条，{self._share(rate)}；{sad}"

    def texts(self, report: Report) -> str:
        named = [
            f"{theme_name(t.theme, 'zh', report.theme_names.get(t.theme))}{t.named.share.x}条"
            for t in report.text_themes[:TEXT_THEMES_TOLD]
        ]
        about = f"，谈到{'、'.join(named)}" if named else ""
        return f"问卷以外收到{report.texts:,}条{about}；未计入上面的数字"

    def new_words(self, words: tuple[str, ...]) -> str:
        return f"{'、'.join(f'“{word}”' for word in words)}：全公司比以前提得多，还不属于任何主题"

    def put_right(self, report: Report) -> list[Line]:
        out, cases = [], report.cases
        if report.put_right:
            share = report.put_right.share
            after = f"位客户说问题解决了（共回访{share.n:,}位），{self._share(report.put_right)}。"
            out.append(Line(f"{share.x}", after))
        told = [f"新增{cases.opened}个问题，办结{cases.resolved}个。"]
        for found, what in ((report.acknowledged, "受理"), (report.contacted, "回电")):
            if found:
                told.append(f"按时{what}{found.share.x}个（应{what}{found.share.n}个），{self._share(found)}。")
        if cases.reopened:
            told.append(f"{cases.reopened}个办结后又重新打开{self._higher(report)}。")
        if report.saved:
            share = report.saved.share
            told.append(f"{share.n}位可能离开的客户中留住了{share.x}位，{self._share(report.saved)}。")
        if not cases.opened and not cases.resolved:
            told[0] = "本周没有新增或办结的问题。"
        out.append(Line(before="".join(told)))
        return out

    def who_answered(self, report: Report) -> str:
        f = report.funnel
        told = ["本周没有询问客户。"]
        if report.answered:
            told = [f"本周问了{f.invited:,}人，其中{f.started:,}人作答，{self._share(report.answered)}。"]
        if f.answers:
            told.append(f"得分和原话来自本周收到的{f.answers:,}份答复，不论是哪一周问的。")
        if f.opted_out:
            told.append(f"{f.opted_out:,}人要求不再打扰，以后不会再问。")
        rested = f.skipped.get("frequency_cap", 0)
        if rested:
            told.append(f"{rested:,}人90天内已经问过，这次没有打扰。")
        if f.late:
            told.append(f"另有{f.late:,}份在调查结束后才到，有人看，但不计入。")
        if f.doubted:
            told.append(f"有{f.doubted:,}份可能不是客户本人所写，照样计入，请在“评价”里再看一眼。")
        return "".join(told)

    def notes(self, report: Report) -> str:
        return (
            "NPS（净推荐值）等于打9、10分的占比减去打0到6分的占比。真实值100次里有95次落在所写的区间内。"
            "没答完的问卷，答了的题照样计入。"
        )

    def _hidden(self, verdict: Verdict, what: str) -> str:
        if verdict is Verdict.WITHHELD:
            return f"本周不显示{what}，否则能推算出一个小网点的{what}。"
        return f"满{SHOWN_FROM}份才显示{what}。"

    def _higher(self, report: Report) -> str:
        higher, all_of_them = report.cases.reopened_higher, report.cases.reopened
        if not higher:
            return ""
        return "，交给上一级处理" if higher == all_of_them else f"，其中{higher}个交给上一级处理"

    def _name(self, report: Report) -> str:
        return in_language(report.names, "zh")

    def _between(self, rate: Rate) -> str:
        return f"区间{hundredths(rate.interval.low)}%到{hundredths(rate.interval.high)}%"

    def _share(self, rate: Rate) -> str:
        return f"占{hundredths(rate.value)}%，{self._between(rate)}"
