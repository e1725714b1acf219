"""What a carrier's codes mean and what to do about each (pure): the one table."""

from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What a failure asks of us."""

    RETRY = "retry"  # a passing trouble: later, the same message may go through
    GIVE_UP = "give_up"  # this message will never go through
    OPT_OUT = "opt_out"  # its owner told the carrier to stop: no failure, a wish
    DEAD_NUMBER = "dead_number"  # nobody is there: reach this person another way
    CONTENT = "content"  # carriers filter this wording: the template must change
    SETUP = "setup"  # our account, sender or permission is wrong: an operator must act, then it goes through


@dataclass(frozen=True)
class Reason:
    """One code: what to do, and a sentence a person can act on."""

    deed: Deed
    sentence: str


TABLE: dict[str, Reason] = {
    # Twilio, as an answer to the send
    "20003": Reason(
        Deed.SETUP, "The carrier refuses our account or token; check HEED_TWILIO_ACCOUNT_SID and _AUTH_TOKEN."
    ),
    "20005": Reason(Deed.SETUP, "The carrier account is not active; sign in to the carrier's console."),
    "20404": Reason(Deed.SETUP, "The carrier does not know this account; check HEED_TWILIO_ACCOUNT_SID."),
    "20429": Reason(Deed.RETRY, "Too many requests at once; sent again after a pause."),
    "14107": Reason(Deed.RETRY, "Too many messages from this sender at once; sent again after a pause."),
    "63038": Reason(Deed.RETRY, "The account's daily limit is reached; sent again later."),
    "21211": Reason(Deed.DEAD_NUMBER, "The carrier says this is no phone number; ask the customer for another."),
    "21214": Reason(Deed.DEAD_NUMBER, "This number cannot be reached; ask the customer for another."),
    "21217": Reason(Deed.DEAD_NUMBER, "The carrier says this is no phone number; ask the customer for another."),
    "21408": Reason(Deed.SETUP, "The account may not send to this country; allow it in the carrier's console."),
    "21602": Reason(Deed.GIVE_UP, "The message had no words."),
    "21603": Reason(Deed.SETUP, "No sender number is set; check HEED_TWILIO_FROM."),
    "21604": Reason(Deed.GIVE_UP, "The message had no recipient."),
    "21606": Reason(Deed.SETUP, "Our number cannot send texts; check HEED_TWILIO_FROM."),
    "21610": Reason(Deed.OPT_OUT, "The owner of this phone has told the carrier to stop."),
    "21611": Reason(Deed.RETRY, "The sender's queue is full; sent again after a pause."),
    "21612": Reason(Deed.GIVE_UP, "The carrier has no route from our number to this one."),
    "21614": Reason(Deed.DEAD_NUMBER, "This number cannot receive texts; ask the customer for a mobile number."),
    "21617": Reason(Deed.GIVE_UP, "The message is longer than the carrier allows."),
    "21659": Reason(Deed.SETUP, "Our sender number does not belong to this account; check HEED_TWILIO_FROM."),
    # Twilio, as a delivery report
    "30001": Reason(Deed.RETRY, "The carrier's queue overflowed; sent again after a pause."),
    "30002": Reason(Deed.SETUP, "The carrier account is suspended; sign in to the carrier's console."),
    "30003": Reason(Deed.RETRY, "The phone was off or out of reach; tried again later."),
    "30004": Reason(Deed.GIVE_UP, "The phone or its network blocks this message."),
    "30005": Reason(Deed.DEAD_NUMBER, "This number does not exist any more."),
    "30006": Reason(Deed.DEAD_NUMBER, "This is a landline or cannot be reached by text."),
    "30007": Reason(
        Deed.CONTENT, "Carriers filtered this wording as unwanted; change the template before sending more."
    ),
    "30008": Reason(Deed.RETRY, "The network gave no reason; tried again later."),
    "30010": Reason(Deed.GIVE_UP, "The message cost more than the limit that was set."),
    "30022": Reason(Deed.RETRY, "The sender's hourly or daily limit is reached; sent again later."),
    "30034": Reason(Deed.SETUP, "Our number is not registered for this kind of message."),
    "30036": Reason(Deed.GIVE_UP, "The message was no longer valid when its turn came."),
    "30410": Reason(Deed.RETRY, "The next carrier did not answer in time; sent again after a pause."),
    "30450": Reason(
        Deed.CONTENT, "Carriers filtered this wording as unwanted; change the template before sending more."
    ),
    "30500": Reason(Deed.RETRY, "The carrier had trouble of its own; sent again after a pause."),
    # Ours, for what has no code
    "unreachable": Reason(Deed.RETRY, "The carrier could not be reached; sent again after a pause."),
    "throttled": Reason(Deed.RETRY, "The carrier asked for a pause."),
    "unknown_outcome": Reason(
        Deed.GIVE_UP, "It was never learned whether this message went out; it was not sent again."
    ),
    "country": Reason(
        Deed.GIVE_UP, "Texts to this country are not allowed; add it to HEED_SMS_COUNTRIES if they should be."
    ),
    "budget": Reason(Deed.RETRY, "A budget of texts for the day is used up; it waits for the next day."),
    "paced": Reason(Deed.RETRY, "The sender's texts a second are used up; it waits a moment."),
    "template_stopped": Reason(Deed.RETRY, "Carriers filter this wording; it waits until somebody releases it."),
    "link": Reason(Deed.GIVE_UP, "The link in this message could not be made."),
}
_HTTP = {
    "http_401": TABLE["20003"],
    "http_403": TABLE["20003"],
    "http_404": TABLE["20404"],
    "http_408": TABLE["unreachable"],
    "http_429": TABLE["throttled"],
}


def reason(code: str | None) -> Reason:
    """What a code means. Unknown ones are final: guessing "try again" would pester somebody."""
    code = code or ""
    if code.startswith("smtp_"):
        return _smtp(code)
    return (
        TABLE.get(code) or _HTTP.get(code) or Reason(Deed.GIVE_UP, f"The carrier refused with code {code or 'none'}.")
    )


def _smtp(code: str) -> Reason:
    # RFC 5321 4.2.1: 4yz passes, 5yz stays; 550, 551 and 553 speak of the mailbox, 530-538 of our sign-in.
    if code.startswith("smtp_4"):
        return Reason(Deed.RETRY, "The mail server asked us to try later.")
    if code in ("smtp_550", "smtp_551", "smtp_553"):
        return Reason(Deed.DEAD_NUMBER, "There is no such mailbox; ask for another address.")
    if code.startswith("smtp_53"):
        return Reason(Deed.SETUP, "The mail server refuses our sign-in; check HEED_SMTP_URL.")
    return Reason(Deed.GIVE_UP, "The mail server refused this message.")
