"""The weekly report in English. Pure."""

from collections import Counter

from app.insights.suppression import SHOWN_FROM
from app.reports import words_en as tables
from app.reports.figures import Awaited, Level, Overdue, Verbatim, in_language
from app.reports.measures import NpsWeek, Rate, RateWeek, Score, Verdict
from app.reports.verbatims import SCALES, Chosen, Role
from app.reports.weekly import TEXT_THEMES_TOLD, Band, BranchWeek, Report
from app.reports.wording import Line, hundredths, points, scope_names, theme_name

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_TONES = {Verdict.BETTER: "good", Verdict.WORSE: "bad", Verdict.TOO_EARLY: "soon"}
_ROLES = {Role.BEST: "the best", Role.WORST: "the worst", Role.TYPICAL: "the most typical"}
_AWAITED = {
    Awaited.CONTACT: "a call",
    Awaited.RESOLVE: "a solution",
    Awaited.PROMISE: "what was promised",
}


def counted(n: int, one: str, many: str) -> str:
    """1 answer, 2 answers, 1,240 answers."""
    return f"{n:,} {one if n == 1 else many}"


def spelled(n: int) -> str:
    """Small numbers as words, to begin a sentence with."""
    return _WORDS[n].capitalize() if n < len(_WORDS) else f"{n:,}"


def listed(items: list[str]) -> str:
    """Airport, Central and Riverside."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _few(names: list[str]) -> str:
    """At most four names, so that a headline stays one."""
    return listed(names) if len(names) <= 4 else listed([*names[:3], f"{len(names) - 3} more"])


class English:
    """Sentences in the plain, calm English of the house."""

    language = "en"
    html_lang = "en"
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
        first = str(a.day) if a.month == b.month else f"{a.day} {_MONTHS[a.month - 1]}"
        first += f" {a.year}" if a.year != b.year else ""
        week = int(report.iso_week.split("W")[-1])
        return f"{self._name(report)}, week {week}, {first} to {b.day} {_MONTHS[b.month - 1]} {b.year}"

    def file_title(self, report: Report) -> str:
        return f"Week {int(report.iso_week.split('W')[-1])}: {self.headline(report).rstrip('.')}"

    def headline(self, report: Report) -> str:
        worse, better = scope_names(report.worse, "en"), scope_names(report.better, "en")
        told = []
        if worse:
            told.append(f"{_few(worse)} {'is' if len(worse) == 1 else 'are'} worse")
        if better:
            told.append(f"{_few(better)} {'is' if len(better) == 1 else 'are'} better")
        compared = [b for b in report.branches if b.nps.last]
        if told:
            rest = len(compared) - len(worse) - len(better)
            tail = " No other branch moved more than chance would." if rest else ""
            return f"{', '.join(told)}.{tail}"
        told = [self._quiet(report, bool(compared))]
        if report.nps.verdict not in (Verdict.BETTER, Verdict.WORSE):
            told.append(
                {
                    Verdict.BETTER: "More customers are satisfied than last week.",
                    Verdict.WORSE: "Fewer customers are satisfied than last week.",
                }.get(report.csat.verdict, "")
            )
        if report.overdue:
            told.append(self.overdue(len(report.overdue)).text)
        return " ".join(sentence for sentence in told if sentence)

    def _quiet(self, report: Report, compared: bool) -> str:
        """The headline when no branch stands out."""
        match report.nps.verdict:
            case Verdict.BETTER | Verdict.WORSE:
                word = "better" if report.nps.verdict is Verdict.BETTER else "worse"
                return f"{self._name(report)} is {word} than last week." + (
                    " No single branch stands out." if compared else ""
                )
            case Verdict.TOO_FEW:
                return "Too few answers this week to show a score."
            case Verdict.WITHHELD:
                return "Enough answers, but no score to show: it would give away that of a smaller branch."
            case Verdict.NO_COMPARISON:
                return "A score, and none of last week to compare it with."
            case Verdict.TOO_EARLY:
                return "Too few answers to tell a change from chance."
        if compared:
            return "A steady week. No branch moved more than chance would."
        return "A steady week. The score moved no more than chance would."

    def preheader(self, report: Report) -> str:
        parts = [] if report.overdue is None else [self.overdue(len(report.overdue)).text]
        if report.put_right:
            share = report.put_right.share
            parts.append(f"{spelled(share.x)} of {_WORDS[share.n] if share.n < 13 else share.n} say it was put right.")
        return " ".join(parts)

    def taken_together(self, report: Report) -> Line:
        week, lead = report.nps, "Taken together: " if report.branches else ""
        if week.score is None:
            return Line(before=f"{counted(week.n, 'answer', 'answers')}. {self._hidden(week.verdict, 'score')}")
        limits = week.score.interval
        after = (
            f", between {points(limits.low)} and {points(limits.high)}, from {counted(week.n, 'answer', 'answers')}."
        )
        if week.last:
            after += f" Last week {points(week.last.value)}, from {counted(week.last.counts.n, 'answer', 'answers')}."
        return Line(points(week.score.value), after + self._whole(week), f"{lead}NPS ")

    def _whole(self, week: NpsWeek) -> str:
        seen = f"{round(week.visible_from)} points" if week.visible_from else ""
        smallest = f"The smallest change these answers show reliably is about {seen}."
        match week.verdict:
            case Verdict.BETTER:
                return f" Better: the rise is larger than chance explains. {smallest}"
            case Verdict.WORSE:
                return f" Worse: the fall is larger than chance explains. {smallest}"
            case Verdict.NO_REAL_CHANGE:
                return f" No real change: with this many answers, a move under about {seen} cannot be told from chance."
            case Verdict.TOO_EARLY:
                return f" Too early to say: with this few answers, only a move of about {seen} would have shown."
        return " Last week has no score to compare it with."

    def above(self, report: Report) -> str:
        if not report.above or not report.above_score:
            return ""
        return f"{in_language(report.above, 'en')} as a whole: {self.score(report.above_score)}."

    def score(self, score: Score) -> str:
        limits = score.interval
        n = counted(score.counts.n, "answer", "answers")
        return f"NPS {points(score.value)}, between {points(limits.low)} and {points(limits.high)}, from {n}"

    def rate_week(self, kind: str, week: RateWeek) -> Line | None:
        what = {"csat": "Satisfied (4 or 5 of 5): ", "ces": "Found it easy (5 to 7 of 7): "}[kind]
        if not week.n:
            return None
        if week.rate is None:
            return Line(before=f"{what}{counted(week.n, 'answer', 'answers')}. {self._hidden(week.verdict, 'share')}")
        after = f" in 100, {self._between(week.rate)}, from {counted(week.n, 'answer', 'answers')}."
        if week.last:
            after += f" Last week {hundredths(week.last.value)}."
            after += {
                Verdict.BETTER: " More than last week, beyond chance.",
                Verdict.WORSE: " Fewer than last week, beyond chance.",
                Verdict.TOO_EARLY: " Too few answers to tell a change from chance.",
            }.get(week.verdict, " No real change.")
        return Line(hundredths(week.rate.value), after, what)

    def overdue(self, count: int | None) -> Line:
        if count is None:
            return Line("This week is over.", " Who is waiting now stands in the console, under Calls.")
        if not count:
            return Line("No customer is waiting past the promised time.")
        return Line(
            f"{spelled(count)} {'customer is' if count == 1 else 'customers are'} waiting too long.", tone="bad"
        )

    def as_of(self, report: Report) -> str:
        at = report.issued_at
        return f"As it stood on {at.day} {_MONTHS[at.month - 1]} {at.year} at {at:%H:%M}."

    def awaited(self, case: Overdue) -> str:
        what = _AWAITED[case.awaited]
        return f"{what}, {self._topic(case.topic)}" if case.topic else what

    def _topic(self, topic: str) -> str:
        return self.causes.get(topic) or theme_name(topic, "en").lower().replace("atm", "ATM")

    def duration(self, minutes: int) -> str:
        if minutes >= 2880:
            return counted(minutes // 1440, "day", "days")
        if minutes >= 60:
            return counted(minutes // 60, "hour", "hours")
        return counted(max(minutes, 1), "minute", "minutes")

    def worth_changing(self, report: Report) -> Line | None:
        cause = report.worth_changing
        if cause is None:
            return None
        share = cause.rate.share
        name = self.causes.get(cause.cause, theme_name(cause.cause, "en").lower())
        after = f" {share.x} of {share.n:,} closed cases came from one cause, {name}: {self._in_hundred(cause.rate)}."
        return Line("Worth changing:", after)

    def verdict(self, week: NpsWeek) -> Line:
        if week.score is None:
            return Line(
                "Too few answers.", f" {counted(week.n, 'answer', 'answers')}. A score is shown from 10.", tone="mid"
            )
        word = self.verdicts[week.verdict] + "."
        seen = f"only a move of about {round(week.visible_from)} would have shown" if week.visible_from else ""
        match week.verdict:
            case Verdict.BETTER | Verdict.WORSE:
                move = "rise" if week.verdict is Verdict.BETTER else "fall"
                after = f" The {move} is larger than chance explains, also after allowing for several being compared."
            case Verdict.NO_REAL_CHANGE:
                after = f" {self._move(week)} is well within chance; {seen}."
            case Verdict.TOO_EARLY:
                after = f" Fewer than 30 answers in a week; {seen}."
            case _:
                after = " Last week has no score to compare it with."
        return Line(word, after, tone=_TONES.get(week.verdict, "mid"))

    def _move(self, week: NpsWeek) -> str:
        moved = round(week.score.value) - round(week.last.value) if week.score and week.last else 0
        return "The same score" if not moved else f"{'A rise' if moved > 0 else 'A fall'} of {abs(moved)}"

    def nps(self, week: NpsWeek, band: Band | None) -> Line | None:
        if week.score is None:
            return None
        limits = week.score.interval
        after = f", between {points(limits.low)} and {points(limits.high)}. {counted(week.n, 'answer', 'answers')}."
        after += f" Last week {points(week.last.value)} from {week.last.counts.n}." if week.last else ""
        after += {Band.TOP: " Above most branches.", Band.LOW: " Below most branches."}.get(band, "") if band else ""
        return Line(points(week.score.value), after, "NPS ")

    def hidden(self, branches: tuple[BranchWeek, ...], level: Level) -> list[tuple[str, Line]]:
        few = [b for b in branches if b.nps.verdict is Verdict.TOO_FEW]
        kept = [b for b in branches if b.nps.verdict is Verdict.WITHHELD]
        whole = "company" if level is Level.COMPANY else "region"
        out = []
        if few:
            sizes = listed([str(b.nps.n) for b in few]) + (" answer" if [b.nps.n for b in few] == [1] else " answers")
            sizes = sizes if len(few) <= 4 else f"Fewer than {SHOWN_FROM} answers each"
            after = f" {sizes}. A score and comments are shown from {SHOWN_FROM} on; "
            after += f"the answers count in the {whole}."
            out.append(
                (_few(scope_names(tuple(b.names for b in few), "en")), Line("Too few answers.", after, tone="mid"))
            )
        if kept:
            sizes = listed([str(b.nps.n) for b in kept])
            after = f" {sizes} answers. Shown, it would give away the score of a smaller one; "
            after += f"the answers count in the {whole}."
            out.append((_few(scope_names(tuple(b.names for b in kept), "en")), Line("Not shown.", after, tone="mid")))
        return out

    def others(self, branches: tuple[BranchWeek, ...]) -> tuple[str, Line]:
        kinds = Counter(b.nps.verdict for b in branches)
        told = [f"{count} {self.verdicts[kind].lower()}" for kind, count in kinds.most_common()]
        return f"{len(branches):,} more branches", Line(before=f"{listed(told)}. Each stands in the numbers.")

    def more(self, count: int) -> str:
        return f"And {count:,} more, in the numbers."

    def credit(self, verbatim: Verbatim) -> str:
        place = in_language(verbatim.branch, "en")
        if verbatim.rating is None or verbatim.kind not in SCALES:
            return place
        return f"{verbatim.rating} of {SCALES[verbatim.kind][1]}, {place}"

    def chosen_note(self, report: Report, chosen: tuple[Chosen, ...]) -> str:
        if not chosen:
            if report.comments:
                came = counted(report.comments, "comment", "comments")
                return f"{came} came in. Comments are shown where there are 10 answers or more."
            return "Nobody wrote a comment this week."
        if report.comments_readable == 1:
            return "The only comment of the week."
        roles = listed([_ROLES[one.role] for one in chosen])
        of = f"of {report.comments_readable:,} comments"
        if report.comments_drawn < report.comments_readable:
            of = f"of {report.comments_drawn:,} drawn by chance from {report.comments_readable:,} comments"
        return f"Chosen as {roles} {of}."

    def theme_share(self, rate: Rate, unhappy: int) -> str:
        sad = "none of them" if not unhappy else f"{unhappy} of them"
        return f"{rate.share.x} of {rate.share.n:,}, {self._in_hundred(rate)}; {sad} from dissatisfied customers"

    def texts(self, report: Report) -> str:
        named = [
            f"{theme_name(t.theme, 'en', report.theme_names.get(t.theme))} in {t.named.share.x}"
            for t in report.text_themes[:TEXT_THEMES_TOLD]
        ]
        about = f"; {listed(named)}" if named else ""
        return f"{counted(report.texts, 'text', 'texts')} beside the surveys{about}. Counted in nothing above"

    def new_words(self, words: tuple[str, ...]) -> str:
        return (
            f"{', '.join(f'“{word}”' for word in words)}: in the whole company more often than before, of no theme yet"
        )

    def put_right(self, report: Report) -> list[Line]:
        out, cases = [], report.cases
        if report.put_right:
            share = report.put_right.share
            who = "customer whose case was closed says" if share.n == 1 else "customers whose case was closed say"
            out.append(
                Line(f"{share.x} of {share.n:,}", f" {who} it is put right: {self._in_hundred(report.put_right)}.")
            )
        told = [f"{counted(cases.opened, 'new case', 'new cases')}, {cases.resolved} closed."]
        for found, what in ((report.acknowledged, "read"), (report.contacted, "called")):
            if found:
                were = "was" if found.share.n == 1 else "were"
                told.append(f"{found.share.x} of {found.share.n} {were} {what} in time: {self._in_hundred(found)}.")
        if cases.reopened:
            were = "case came back and is" if cases.reopened == 1 else "cases came back and are"
            told.append(f"{spelled(cases.reopened)} closed {were} open again{self._higher(report)}.")
        if report.saved:
            share = report.saved.share
            who = "customer who might have left was" if share.n == 1 else "customers who might have left were"
            told.append(f"{share.x} of {share.n} {who} kept: {self._in_hundred(report.saved)}.")
        if not cases.opened and not cases.resolved:
            told[0] = "No case was opened or closed this week."
        out.append(Line(before=" ".join(told)))
        return out

    def who_answered(self, report: Report) -> str:
        f = report.funnel
        told = ["Nobody was asked in this week."]
        if report.answered:
            asked = counted(f.invited, "person", "people")
            told = [f"Of {asked} asked in this week {f.started:,} answered: {self._in_hundred(report.answered)}."]
        if f.answers:
            whose = "1 answer" if f.answers == 1 else f"{f.answers:,} answers"
            told.append(
                f"The scores and comments are from the {whose} given in this week, whenever they were asked for."
            )
        if f.opted_out:
            told.append(f"{f.opted_out:,} asked us to stop and will not be asked again.")
        rested = f.skipped.get("frequency_cap", 0)
        if rested:
            told.append(f"{rested:,} were left alone because they had been asked in the last 90 days.")
        if f.late:
            told.append(
                f"{counted(f.late, 'answer', 'answers')} came after the survey had closed: read, but not counted here."
            )
        if f.doubted:
            told.append(
                f"{counted(f.doubted, 'answer', 'answers')} may not be the customer's own words: they count, and wait "
                "under Answers for a second look."
            )
        return " ".join(told)

    def notes(self, report: Report) -> str:
        return (
            'NPS is the share of 9 and 10 less the share of 0 to 6. The two figures after "between" hold the true '
            "value 95 times in 100. Partial answers count where the question was answered."
        )

    def _hidden(self, verdict: Verdict, what: str) -> str:
        if verdict is Verdict.WITHHELD:
            return f"The {what} is not shown this week: with it, that of a smaller branch could be worked out."
        return f"A {what} is shown from {SHOWN_FROM} answers on."

    def _higher(self, report: Report) -> str:
        """How many of those that came back went up; nothing when all came back to whoever had them."""
        higher, all_of_them = report.cases.reopened_higher, report.cases.reopened
        if not higher:
            return ""
        return ", one level up" if higher == all_of_them else f", {spelled(higher).lower()} of them one level up"

    def _name(self, report: Report) -> str:
        return in_language(report.names, "en")

    def _between(self, rate: Rate) -> str:
        return f"between {hundredths(rate.interval.low)} and {hundredths(rate.interval.high)}"

    def _in_hundred(self, rate: Rate) -> str:
        return f"{hundredths(rate.value)} in 100, {self._between(rate)}"
