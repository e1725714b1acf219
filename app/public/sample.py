"""A survey page for nobody: the real templates with sample names, for whoever writes a questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.extensions import settings
from app.public.page import Page, question_page, score_given, thanks_for
from app.public.replies import drawn
from surveys.questionnaires.flow import Definition, Given, Question
from surveys.questionnaires.piping import answers_in_words, fill
from surveys.responses.holder import said_of
from surveys.responses.texts import day_words


@dataclass(frozen=True)
class SampleBranch:
    """The branch the templates speak of."""

    named: str
    phone: str

    def name(self, _language: str) -> str:
        """Its name, which the caller chose in the page's language."""
        return self.named


def sample_page(
    definition: Definition,
    question: Question | None,
    answers: Mapping[str, Given],
    *,
    language: str,
    values: Mapping[str, str],
    now: datetime,
) -> str:
    """The page that asks this question after these answers; without a question the last page, with the thanks."""
    known = {**values, **answers_in_words(definition, answers, language)}
    occasion = (values["day"], values["branch"], values["service"])
    page = (
        _last(definition, answers, language, now)
        if question is None
        else question_page(
            definition,
            question,
            answers,
            language=language,
            fill=lambda text: fill(text, known, language),
            occasion="，".join(occasion) if language.startswith("zh") else ", ".join(reversed(occasion)),
        )
    )
    return drawn(
        page.template,
        language,
        definition.languages,
        page=page,
        token="",
        action="",
        wants_number=False,
        wrong="",
        kept=None,
        submission="",
        branch=SampleBranch(values["branch"], values["phone"]),
        holder=said_of("branch", values["branch"], language),
    )


def _last(definition: Definition, answers: Mapping[str, Given], language: str, now: datetime) -> Page:
    policy = settings().policy
    return Page(
        template="public/finished.html",
        thanks=thanks_for(definition, answers),
        gave=score_given(definition.questions, answers),
        until=day_words((now + timedelta(days=policy.survey_open_days)).date(), language),
        words=next((given.text for given in answers.values() if given.text), "") or "",
        days=policy.cap_days,
    )
