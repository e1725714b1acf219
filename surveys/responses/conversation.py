"""One turn of a conversation by SMS: understand the reply, keep it, and say what to answer. Sends nothing itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.extensions import change
from notifications.optout_words import maybe_stop
from surveys.invitations.invited import Invited
from surveys.questionnaires.asking import fitting, reminder_words, sms_key, sms_words, thanks_key
from surveys.questionnaires.flow import Band, Definition, Given, Kind, Question, band
from surveys.questionnaires.piping import answers_in_words
from surveys.questionnaires.service import definition_of
from surveys.responses.answering import chosen_by, given_by, meant_question, passed, read
from surveys.responses.catalogue import catalogue
from surveys.responses.dialogues import DialogueRow, Talk
from surveys.responses.kept import kept_by, kept_of
from surveys.responses.parsing import Reply, read_reply, words_beside_a_wish
from surveys.responses.script import language_for
from surveys.responses.service import Recorded, record_answer
from surveys.responses.turns import Asked, Say, Standing, Turn

REPROMPTS = {
    Kind.NPS: "reprompt_nps",
    Kind.CSAT: "reprompt_csat",
    Kind.CES: "reprompt_ces",
    Kind.YES_NO: "reprompt_yes_no",
    Kind.CHOICE: "reprompt_choice",
    Kind.CHOICES: "reprompt_choices",
    Kind.CALLBACK: "reprompt_callback",
    Kind.TEXT: "reprompt_words",
}


def take_turn(dialogue: Talk, text: str, *, now: datetime) -> Turn:
    """Read one reply in this conversation. Everything said is kept; at most one question is asked again, once.

    The caller holds the dialogue (`held_dialogue`).
    """
    turn = _taken_turn(dialogue, text, now)
    then, over = turn.then, turn.then.asking is None
    change(
        dialogue,
        turn=dialogue.turn + 1,
        last_turn_at=now,
        asking=then.asking,
        reprompted=then.reprompted,
        closed_at=now if over else None,
    )
    if turn.outcome == "language" or turn.plain or not maybe_stop(text):
        return turn  # "不要" chosen from the answers offered is no wish to stop
    # Talk of stopping is put before a person whatever else it answers.
    asks_on = turn.outcome in ("answered", "conflict") and not over
    return replace(turn, words=turn.words or text, unsure=not asks_on and turn.call is None and turn.recovered is None)


def _taken_turn(dialogue: Talk, text: str, now: datetime) -> Turn:
    invitation = dialogue.invitation
    definition = definition_of(invitation.version)
    kept = kept_by(invitation)
    question = _open_question(dialogue, definition, kept.given)
    if question is None:
        return Turn("already_complete", thanks(invitation, kept.given), invitation)
    question = meant_question(invitation, definition, question, kept.given, text)
    asked = Asked(dialogue, definition, question, kept)
    if question.optional and question.kind is not Kind.TEXT and passed(text):
        return _went_on(asked, _recorded(asked, Given(skipped=True), now))
    reply = read(invitation, question, text)
    if reply.action == "language" and reply.language:
        wanted = language_for(reply.language, text, invitation.customer, dialogue.phone_index)
        change(invitation, language=wanted)
        invitation.customer.language = wanted
        then = Standing(dialogue.asking, dialogue.reprompted)
        return Turn("language", asking(invitation, question, kept.given), invitation, then)
    if reply.action == "conflict" and not dialogue.reprompted:
        return _conflict(asked, reply, now)
    if reply.action not in ("record", "conflict"):
        return _not_understood(asked, reply, text, now)
    return _understood(asked, reply, text, now)


def _open_question(dialogue: Talk, definition: Definition, answers: Mapping[str, Given]) -> Question | None:
    # Somebody may have gone on by web meanwhile: the next question comes from the answers, not from memory.
    again = definition.question(dialogue.asking or "") if dialogue.reprompted else None
    return again if again is not None and definition.asked(again, answers) else definition.next(answers)


def _understood(asked: Asked, reply: Reply, text: str, now: datetime) -> Turn:
    recorded, words = take(asked, reply, text, now)
    return told(_went_on(asked, recorded), asked.question, reply, words)


def told(turn: Turn, question: Question, reply: Reply, words: str | None) -> Turn:
    """The turn with what a case wants to know of it."""
    chosen = chosen_by(question, reply)
    return replace(
        turn,
        call=chosen if question.asks_for_call else None,
        recovered=chosen if question.key == "recovered" else None,
        words=words,
        plain=chosen is not None and reply.comment is None,
    )


def _went_on(asked: Asked, recorded: Recorded) -> Turn:
    invitation, following = asked.invitation, recorded.next
    if following is None:
        say, then = thanks(invitation, recorded.given), Standing()
    else:
        say, then = asking(invitation, following, recorded.given), Standing(following.key)
    return Turn("answered", say, invitation, then, recorded.response_id, seen=recorded.seen)


def take(asked: Asked, reply: Reply, text: str, now: datetime) -> tuple[Recorded, str | None]:
    """The answer kept, and with it the words beside a number; words that no question takes come back."""
    alone = reply.comment is None and isinstance(asked.dialogue, DialogueRow) and not asked.dialogue.of_staff
    recorded = _recorded(asked, given_by(asked.question, reply, text), now, alone=alone)
    if not reply.comment or asked.question.kind in (Kind.TEXT, Kind.CALLBACK):
        return recorded, None
    kept = _keep_words(asked.dialogue, asked.definition, reply.comment, now)
    return (kept, None) if kept is not None else (recorded, reply.comment)


def _recorded(asked: Asked, given: Given, now: datetime, *, alone: bool = False) -> Recorded:
    recorded = record_answer(
        asked.invitation, asked.question, given, channel="sms", now=now, kept=asked.kept, alone=alone
    )
    assert isinstance(recorded, Recorded), recorded  # we ask what may be answered
    return recorded


def _keep_words(dialogue: Talk, definition: Definition, words: str, now: datetime) -> Recorded | None:
    kept = kept_of(dialogue.invitation.id)
    for question in definition.path(kept.given):
        if question.kind is Kind.TEXT:
            before = kept.given.get(question.key)
            said = (before.text or "").splitlines() if before else []
            joined = "\n".join(said if words in said else [*said, words])
            return _recorded(Asked(dialogue, definition, question, kept), Given(text=joined), now)
    return None


def parting_words(dialogue: Talk, text: str, *, now: datetime) -> tuple[int | None, str | None]:
    """What was said along with a wish to stop: the number and the words are an answer all the same.

    The response it is kept in, and the words that no question of this survey takes. The caller holds the dialogue.
    """
    definition, before = definition_of(dialogue.invitation.version), kept_by(dialogue.invitation)
    question = definition.next(before.given)
    recorded = None
    if question is not None and question.scale:
        reply = read_reply(text, kind=question.kind.value)
        if reply.value is not None:
            recorded = _recorded(Asked(dialogue, definition, question, before), Given(value=reply.value), now)
    words = words_beside_a_wish(text)
    kept = _keep_words(dialogue, definition, words, now) if words else None
    recorded = kept or recorded
    return recorded.response_id if recorded else None, None if kept else words


def _not_understood(asked: Asked, reply: Reply, text: str, now: datetime) -> Turn:
    dialogue, question, invitation = asked.dialogue, asked.question, asked.invitation
    again = dialogue.reprompted
    if again and question.kind is Kind.TEXT:
        # A photo, a blank, twice: the question is passed over, the survey goes on.
        return _went_on(asked, _recorded(asked, Given(skipped=True), now))
    # "The teller was rude" where a number was asked for is heard now: the number may never come.
    words = (text.strip() or None) if again else reply.comment
    recorded = _keep_words(dialogue, asked.definition, words, now) if words and not maybe_stop(words) else None
    response_id, words = (recorded.response_id, None) if recorded else (None, words)
    if not again:
        scale = question.scale or (1, len(question.choices))
        say = Say(REPROMPTS[question.kind], {"n": str(scale[1])})
        return Turn("asked_again", say, invitation, Standing(question.key, True), response_id, words=words)
    if recorded is not None and question.key in asked.kept.given:
        # After "did you mean" came words instead of a number: the number given first stands.
        return _went_on(asked, recorded)
    key = "kept_nothing" if not text.strip() else "kept" if question.scale else "kept_choice"
    return Turn("words_kept", Say(key), invitation, Standing(None, True), response_id, words=words)


def _conflict(asked: Asked, reply: Reply, now: datetime) -> Turn:
    question = asked.question
    recorded, words = take(asked, reply, "", now)
    assert reply.value is not None
    low = band(question.kind, reply.value) is Band.LOW
    scale = question.scale or (1, 5)
    key = "conflict" if low else "conflict_harsh"
    values = {"n": str(reply.value), "lowest": str(scale[0]), "highest": str(scale[1])}
    then = Standing(question.key, True)
    return Turn("conflict", Say(key, values), asked.invitation, then, recorded.response_id, words=words)


def asking(invitation: Invited, question: Question, answers: Mapping[str, Given]) -> Say:
    """The text a question is asked by, in the language of the invitation."""
    definition = definition_of(invitation.version)
    about = definition.band_for(question, answers)
    said_before = answers_in_words(definition, answers, invitation.language)
    key = sms_key(question, about)
    if key is not None:
        return Say(fitting(key, definition, answers), said_before)
    words = sms_words(definition, question, about, invitation.language)
    return Say(own_template(definition, question), said_before, words)


def reminding(invitation: Invited) -> Say:
    """The text that asks for the second and last time."""
    definition = definition_of(invitation.version)
    first = definition.first
    key = "reminder" if first.kind is Kind.NPS else f"reminder_{first.kind}"
    if sms_key(first, "") is not None and key in catalogue().entries:
        return Say(key)
    return Say(own_template(definition, first), {}, reminder_words(definition, invitation.language))


def own_template(definition: Definition, question: Question) -> str:
    """What messages in a question's own words are counted and stopped by."""
    return f"{definition.key}.{question.key}"[:40]


def thanks(invitation: Invited, answers: Mapping[str, Given]) -> Say:
    """The last text of a survey, by what was answered."""
    return Say(thanks_key(definition_of(invitation.version), answers))
