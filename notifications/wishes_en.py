"""How people ask for no more texts in English (pure): politeness about it, and the sentences that are such a wish."""

import re

COURTESY = r"please|pls|plz|kindly|thanks|thank you|thank u|thx|ty|many thanks|cheers|sir|madam|reply|send|text|txt"
FILLER = (
    COURTESY
    + r"|hi|hello|hey|ok|okay|sorry|just|now|right now|immediately|asap|at once|already|again|for good|forever|"
    r"i said|i say|i want to|i want you to|id like to|i would like to|i wish to|can you|could you|would you|will you|"
    r"i (?:have |already |had )*(?:told|asked|said to|begged)(?: you)?(?: guys| people)?(?: already| before| twice)*"
    r"(?: to)?|how (?:do|can|would) (?:i|you|we)|how to|tell me how to|is there a way to|for the last time|"
    r"for (?:gods|christs|heavens|fucks|petes) sake|ffs|omg|jesus|enough|seriously|need you to|"
    r"not interested|no thanks|no thank you|go away|mate|man|bro|dude|love|folks|la|lah|lor|leh|ah|can|thanx|tq|"
    r"to end|to stop|to opt out|to unsubscribe|2 end|so|and|me|bye|guys|you"
)

MESSAGES = r"(?:text messages?|texts?|messages?|msgs?|sms(?:es)?|surveys?|questionnaires?|spam|notifications?)"
_CONTACT = rf"(?:{MESSAGES}|(?:text |sms |phone )?(?:communications?|correspondence|promos?|promotions?)|contact)"
_NUMBER = r"(?:my|this) (?:phone |mobile |cell |tel )?(?:number|num|no|nr|mobile|mob|cell|phone)(?: number| no)?"
THESE = r"(?:(?:all|any|these|those|this|that|the|your|such|more|further|of|with|sending|receiving|getting|me|us) )*"
_TAIL = r"(?: (?:again|any ?more|ever|ever again|at all|from you|to me|to this number|now|please|already))*$"
# Each reads one clause, politeness taken off both ends.
WISHES = re.compile(
    "|".join(
        (
            rf"^(?:stop|quit|cease) {THESE}{_CONTACT}{_TAIL}",
            (
                r"\b(?:stop|quit|cease) (?:texting|txting|messaging|contacting|smsing|spamming|bothering|bugging|"
                r"annoying|hassling|pinging|nagging|harassing|pestering|disturbing|surveying|writing to|sending to|"
                r"asking|sending things to) (?:me|us|this number|my)\b"
            ),
            rf"\b(?:stop|quit|cease) sending(?: me| us| it| them| this| these| that| those| stuff){{0,2}}{_TAIL}",
            rf"\b(?:stop|quit|cease) (?:sending|receiving|getting) {THESE}{MESSAGES}\b",
            (
                r"^(?:do not|dont|never|no need to) (?:ever |you )*(?:text|txt|message|msg|contact|sms|survey|spam|"
                rf"disturb|harass|bother|pester)(?: me| us| this number| my phone| again| any ?more)+{_TAIL}"
            ),
            (
                rf"^(?:do not|dont|never) (?:ever )?send(?: me| us)? (?:\w+ )?{THESE}"
                rf"(?:{MESSAGES}|these|this|anything|more){_TAIL}"
            ),
            (
                rf"\b(?:do not|dont|no longer|not) (?:(?:want|wish|need|care|consent|agree)(?: to)?|like to)"
                rf"(?: receive| get| be sent)? {THESE}{MESSAGES}{_TAIL}"
            ),
            r"\b(?:do not|dont|no longer) (?:want|wish|like) to be (?:texted|messaged|contacted|surveyed|bothered)\b",
            rf"^(?:no more|cancel) {THESE}{_CONTACT}{_TAIL}",
            (
                rf"\b(?:take|get|strike) (?:me|us|{_NUMBER}) (?:off|out of|from)\b"
                r"(?! .{0,15}\b(?:waiting|wait|guest)\b).{0,20}\b(?:lists?|system|databases?|db|records)\b"
            ),
            (
                rf"^(?:remove|delete|erase|lose|block) (?:me|{_NUMBER})(?: (?:from|off))?"
                rf"(?: (?!account|card|queue|wait|profile|loan|policy|file)\w+){{0,4}}(?:$| {MESSAGES}$)"
            ),
            rf"\b(?:unsubscribe|opt) (?:me|us|{_NUMBER})(?: (?:out|from|of))*(?: {THESE}{MESSAGES})?{_TAIL}",
            (
                rf"\b(?:want|wish|like|need|how (?:do|can) i|going) (?:to )?(?:unsubscribe|opt out)(?: (?:from|of))?"
                rf"(?: {THESE}{MESSAGES}| this| these| it)?{_TAIL}"
            ),
            rf"^(?:unsubscribe|opt out)(?: (?:from|of))? (?:all$|{THESE}{MESSAGES}{_TAIL})",
            r"^leave (?:me|us) (?:alone|be|in peace)$",
            r"^(?:to )?be (?:removed|taken off|deleted) (?:from |off )?(?:\w+ ){0,2}(?<!waiting )(?:lists?|database)$",
            r"^i (?:withdraw|revoke) (?:my )?(?:consent|permission)\b",
        )
    )
)
