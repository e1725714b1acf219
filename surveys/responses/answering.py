"""What a text says in answer to a question: which question it means, and what is given to it."""

from collections.abc import Mapping

from notifications.texts import fallbacks
from surveys.invitations.invited import Invited
from surveys.questionnaires.flow import Definition, Given, Kind, Question
from surveys.responses.parsing import Reply, read_reply
from surveys.responses.unmeant import corrects

PASSES = frozenset({"", "skip", "pass", "跳过", "跳過"})  # what is left of a dot, too


def corrected_question(
    invitation: Invited, definition: Definition, answers: Mapping[str, Given], text: str
) -> Question | None:
    """The question whose number a text takes back in so many words: "sorry, I meant 1".

    None where it may as well be meant for another: the 1 of "call me today", or one of two scores.
    """
    if not corrects(text):
        return None
    replies = [(q, read(invitation, q, text)) for q in definition.path(answers) if q.kind is not Kind.TEXT]
    # A number in the midst of what is told ("I wanted to give 8, but") takes nothing back.
    understood = [q for q, reply in replies if reply.action == "record" and reply.comment != text.strip()]
    if len(understood) != 1 or understood[0].scale is None or understood[0].key not in answers:
        return None
    return understood[0]


def meant_question(
    invitation: Invited, definition: Definition, question: Question, answers: Mapping[str, Given], text: str
) -> Question:
    """The question a text answers: a bare number where words are asked for is the score once more, or another one."""
    if (corrected := corrected_question(invitation, definition, answers, text)) is not None:
        return corrected
    about = definition.question(question.by) if question.kind is Kind.TEXT and question.by else None
    if about is None or about.scale is None or not any(map(str.isdigit, text)):
        return question
    reply = read_reply(text, kind=about.kind.value)
    return about if reply.action == "record" and reply.comment is None else question


def read(invitation: Invited, question: Question, text: str) -> Reply:
    """What a text says in answer to this question."""
    return read_reply(
        text,
        kind=question.kind.value,
        language=fallbacks(invitation.language)[0],
        choices=tuple(choice.key for choice in question.choices),
        labels=tuple(tuple(choice.label.values()) for choice in question.choices),
    )


def passed(text: str) -> bool:
    """Whether they pass the question over."""
    return text.strip().strip(".。…").casefold() in PASSES


def given_by(question: Question, reply: Reply, text: str) -> Given:
    """What a reply gives to a question it was understood to answer."""
    if question.kind is Kind.TEXT:
        return Given(skipped=True) if passed(text) else Given(text=text)
    if question.kind is Kind.CHOICES:
        return Given(choices=tuple(question.choices[place - 1].key for place in reply.values))
    chosen = chosen_by(question, reply)
    if chosen is not None:
        return Given(choice=chosen, text=reply.comment if question.kind is Kind.CALLBACK else None)
    return Given(value=reply.value)


def chosen_by(question: Question, reply: Reply) -> str | None:
    """The key of the one answer chosen, where the question offers some."""
    if question.scale or question.kind is Kind.CHOICES or reply.value is None or not question.choices:
        return None
    place = 2 - reply.value if question.kind is Kind.YES_NO else reply.value  # yes is 1 and no is 0
    return question.choices[place - 1].key
