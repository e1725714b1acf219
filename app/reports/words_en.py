"""Single words of the weekly report in English: headings, columns, reasons, causes. Pure."""

from app.reports.measures import Verdict
from app.reports.weekly import Band

HEADINGS = {
    "todo": "To do first",
    "branches": "Branch by branch",
    "words": "In their words",
    "themes": "What they wrote about",
    "texts": "Sent without a question",
    "new_words": "New words",
    "put_right": "Put right",
    "answered": "Who answered",
    "numbers": "The numbers",
    "left_alone": "Why people were left alone",
    "causes": "Causes of closed cases",
    "notes": "How to read this",
}
COLUMNS = {
    "customer": "Customer",
    "awaited": "Waiting for",
    "over": "Over by",
    "branch": "Branch",
    "code": "Code",
    "n": "Answers",
    "texts": "Texts",
    "value": "Value",
    "low": "From",
    "high": "To",
    "last": "Last week",
    "verdict": "Change",
    "p": "p, allowing for several",
    "band": "Among the branches",
    "what": "What",
    "count": "Count",
    "share": "Share",
    "comment": "Comment",
    "rating": "Rating",
    "scale": "Scale",
    "language": "Language",
    "theme": "Theme",
    "unhappy": "Of them dissatisfied",
    "cases": "New cases",
    "overdue": "Overdue",
    "visible": "Visible from",
    "smallest": "Smallest visible change",
    "measure": "Measure",
    "between": "Between",
    "polarity": "Sentiment",
    "and": "and",
}
LINKS = {
    "numbers": "See the numbers",
    "xlsx": "Spreadsheet",
    "pdf": "PDF",
    "stop": "Stop this mail",
    "answers": "Read them all",
}
BANDS = {Band.TOP: "top", Band.TYPICAL: "typical", Band.LOW: "low"}
REASONS = {
    "no_programme": "nothing is asked after this kind of visit",
    "opted_out": "had asked us to stop",
    "no_consent": "had not agreed to be asked",
    "no_channel": "no number we could write to",
    "frequency_cap": "had been asked in the last 90 days",
    "open_conversation": "were already being asked something",
    "open_case": "had a complaint being looked after",
    "hold": "on hold",
    "stale_event": "too much time had passed",
    "sampling": "not drawn in the sample",
    "quota": "enough had been asked that day",
    "drip": "had a message in the last 24 hours",
    "quiet_hours": "no fit hour was left",
}
CAUSES = {"waiting": "waiting", "staff": "staff", "fees": "fees", "system": "system", "other": "other"}
FUNNEL = {
    "service_events": "Visits and calls",
    "eligible": "Might be asked",
    "invited": "Asked in the week",
    "delivered": "Reached the phone",
    "started": "Began",
    "completed": "Finished",
    "partial": "Answered in part",
    "opted_out": "Asked us to stop",
    "answers": "Answers given in the week",
    "late": "Answered too late to count",
}
VERDICTS = {
    Verdict.BETTER: "Better",
    Verdict.WORSE: "Worse",
    Verdict.NO_REAL_CHANGE: "No real change",
    Verdict.TOO_EARLY: "Too early to say",
    Verdict.NO_COMPARISON: "No comparison",
    Verdict.TOO_FEW: "Too few answers",
    Verdict.WITHHELD: "Not shown",
}
