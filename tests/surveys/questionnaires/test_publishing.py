"""A draft may be anything; a version is whole, frozen, and made once however many publish at the same moment."""

from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.questionnaires.service import (
    definition_of,
    discard_draft,
    draft_of,
    latest_version,
    publish,
    save_draft,
)
from tests.conftest import FRIDAY
from tests.surveys.questionnaires.forms import form, question

GOOD = form(question("score", "nps"))


def published(data: dict[str, object]) -> SurveyVersion:
    version = publish(data, now=FRIDAY)
    assert isinstance(version, SurveyVersion), version
    return version


def test_a_definition_with_faults_is_not_published_and_the_faults_come_back(app: Flask) -> None:
    with app.app_context():
        found = publish(form(), now=FRIDAY)
        assert isinstance(found, tuple)
        assert [fault.code for fault in found] == ["no_questions"]
        assert db.session.scalar(select(Survey)) is None


def test_the_same_definition_twice_is_one_version_and_another_is_the_next(app: Flask) -> None:
    with app.app_context():
        first, again = published(GOOD), published(GOOD)
        assert (first.id, first.number) == (again.id, 1)
        assert published(form(question("score", "nps", "How likely?"))).number == 2
        assert definition_of(first).first.text[""]["en"] == "How was it?"


def test_a_draft_is_kept_whole_or_not_and_ends_when_it_is_published(app: Flask) -> None:
    with app.app_context():
        kept = save_draft("story", {"questions": [{"half": True}]}, FRIDAY, by=7)
        survey = db.session.get_one(Survey, kept.survey_id)
        assert latest_version(survey.id) is None
        save_draft("story", GOOD, FRIDAY, by=8)
        draft = draft_of(survey)
        assert draft is not None
        assert (draft.definition, draft.changed_by) == (GOOD, 8)
        published(GOOD)
        assert draft_of(survey) is None


def test_publishing_something_else_leaves_the_draft_and_it_can_be_discarded(app: Flask) -> None:
    with app.app_context():
        draft = save_draft("story", form(question("other", "csat")), FRIDAY)
        published(GOOD)
        survey = db.session.get_one(Survey, draft.survey_id)
        assert draft_of(survey) is not None
        discard_draft(survey)
        discard_draft(survey)
        assert draft_of(survey) is None


def test_two_who_publish_the_same_at_once_make_one_version(pg_app: Flask) -> None:
    together, numbers = Barrier(2), []

    def one() -> None:
        with pg_app.app_context():
            together.wait()
            numbers.append(published(GOOD).number)
            commit()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1, 1]


def test_a_version_is_read_once_and_never_taken_for_another_with_its_number(app: Flask) -> None:
    with app.app_context():
        version = published(GOOD)
        assert definition_of(version) is definition_of(version)
        db.session.rollback()
        other = published(form(question("other", "csat")))
        assert definition_of(other).first.key == "other"
