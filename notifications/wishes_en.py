"""How people ask for no more texts in English (pure): politeness about it, and the sentences that are such a wish."""

import re

COURTESY = r"please|pls|plz|kindly|thanks|thank you|thank u|thx|ty|many thanks|cheers|sir|madam|reply|send|text|txt"
FILLER = (
    COURTESY
    + r"|hi|hello|hey|ok|okay|sorry|just|now|right now|immediately|asap|at once|already|again|for good|forever|"
    r"i said|i say|i want to|i want you to|id like to|i would like to|i wish to|can you|could you|would you|will you|"
    r"i (?:have |already |had )*(?:told|asked|said to|begged)(?: you)?(?: guys| people)?(?: already| before| twice)*"
    r"(?: to)?|how (?:do|can|would) (?:i|you|we)|how to|tell me how to|is there a way to|for the last time|"
    r"for (?:the love of \w+|\w+ sake|crying out loud)|i beg(?: of)?(?: you)?|once and for all|"
    r"wrong (?:number|person)|ffs|omg|jesus|enough|seriously|need you to|"
    r"not interested|no thanks|no thank you|go away|mate|man|bro|dude|love|folks|la|lah|lor|leh|ah|can|thanx|tq|"
    r"to end|to stop|to opt out|to unsubscribe|2 end|so|and|me|bye|guys|you"
)

MESSAGES = r"(?:text messages?|texts?|messages?|msgs?|sms(?:es)?|surveys?|questionnaires?|spam|notifications?)"
_CONTACT = rf"(?:{MESSAGES}|(?:text |sms |phone )?(?:communications?|correspondence|promos?|promotions?)|contact)"
_JUNK = r"(?:crap|junk|rubbish|garbage|trash|nonsense|shit|sh t|bs|bull|bullshit)"
_KIN = (
    r"(?:mum|mom|mother|dad|father|wife|husband|partner|son|daughter|brother|sister|gran|nan|granny|grandma|boss) ?s?"
)
_NUMBER = (
    rf"(?:this|my|my {_KIN}) (?:phone |mobile |cell |tel )?(?:number|num|no|nr|mobile|mob|cell|phone)(?: number| no)?"
)
THESE = (
    r"(?:(?:all|any|these|those|this|that|the|your|such|more|further|future|other|automated|marketing|promotional|"
    r"annoying|stupid|bloody|damn|silly|endless|constant|of|with|sending|receiving|getting|me|us) )*"
)
_TAIL = (
    r"(?: (?:again|any ?more|no more|ever|ever again|at all|from you|to me|now|please|already|from now on|"
    r"in (?:the )?future|(?:to|on) (?:this|my) (?:number|phone|mobile|cell)))*$"
)
_STOP = r"(?:stop|quit|cease|discontinue|refrain from)"
_WRITING = (
    r"(?:texting|txting|messaging|contacting|smsing|spamming|bothering|bugging|annoying|hassling|pinging|nagging|"
    r"harassing|pestering|disturbing|surveying|writing to|sending to|asking|sending things to)"
)
_WRITE = r"(?:text|txt|message|msg|contact|sms|survey|spam|disturb|harass|bother|pester)"
_WRITTEN = r"(?:texted|messaged|contacted|surveyed|bothered)"
_ME = r"(?:me|us|this number|my)"
_THEM = r"(?:him|her|them|(?:his|her|their|my \w+) (?:phone|mobile|cell|number))"
_WANT_NO = r"\b(?:do not|dont|no longer|not|never)"
_LIST = r"(?:lists?|system|databases?|db|records)"
# Each reads one clause, politeness taken off both ends.
WISHES = re.compile(
    "|".join(
        (
            rf"^(?:{_STOP}|end)(?: with| w)? {THESE}{_CONTACT}{_TAIL}",
            rf"\b{_STOP} {_WRITING} {_ME}\b",
            rf"^{_STOP} (?:texting|messaging|contacting|smsing|spamming) {_THEM}{_TAIL}",
            # At the end of other words: "yes it came now stop texting"; who tells of others says "told to stop".
            rf"(?<!to )\b(?:now|please|so|and|but|just|then) {_STOP} (?:texting|messaging|smsing|spamming){_TAIL}",
            rf"^{_STOP} spamming{_TAIL}",
            r"^(?:do not|dont) send any ?more$",
            rf"\b{_STOP} sending(?: me| us| it| them| this| these| that| those| stuff){{0,2}}{_TAIL}",
            rf"\b{_STOP} (?:sending|receiving|getting) {THESE}(?:{MESSAGES}\b|{_JUNK}{_TAIL})",
            (
                rf"\b(?:appreciate|grateful|thankful|great|nice|good|better|prefer|love|like|happ\w+|mind)(?: it)? if "
                rf"(?:you|yall)(?: (?:all|people|could|would|please|kindly|just))* (?:(?:stop(?:ped)?|quit|ceased) "
                rf"(?:{_WRITING} {_ME}\b|(?:sending )?{THESE}{MESSAGES}{_TAIL})|"
                rf"(?:did not|didnt|do not|dont|would not|wouldnt|never) {_WRITE}(?:e?d)? {_ME}\b)"
            ),
            rf"\bwould you mind not {_WRITING} {_ME}\b",
            (
                r"^(?:do not|dont|never|no need to|(?:you )?(?:must not|may not|are not to)) (?:ever |you )*"
                rf"{_WRITE}(?: me| us| this number| my phone| again| any ?more)+{_TAIL}"
            ),
            (
                rf"^(?:do not|dont|never) (?:ever )?send(?: me| us)? (?:\w+ )?{THESE}"
                rf"(?:{MESSAGES}|{_JUNK}|these|this|anything|more)(?: here)?{_TAIL}"
            ),
            (
                rf"{_WANT_NO} (?:(?:want|wish|need|care|consent|agree)(?: to)?|like to)"
                rf"(?: receive| get| be sent)? {THESE}{MESSAGES}{_TAIL}"
            ),
            # Of "this" or "getting" a patient may speak, too: only what comes by itself, and in numbers, is a text.
            (
                rf"{_WANT_NO} (?:want|wish|like) to (?:receive|get|be sent|keep (?:getting|receiving)) "
                rf"(?:any of |all )?these{_TAIL}"
            ),
            rf"\bnot interested in {THESE}{MESSAGES}{_TAIL}",
            rf"{_WANT_NO} (?:want|wish|like) to (?:be {_WRITTEN}\b|hear from (?:you|this number){_TAIL})",
            rf"\b(?:rather|prefer)(?: to)? not (?:to )?(?:be {_WRITTEN}|(?:get|receive) {THESE}{MESSAGES}){_TAIL}",
            (
                r"^(?:no more|cancel|(?:turn|switch|shut) off|disable|deactivate|enough (?:with|of)) "
                rf"{THESE}{_CONTACT}{_TAIL}"
            ),
            rf"^(?:turn|switch|shut) {THESE}{MESSAGES} off{_TAIL}",
            (
                rf"\b(?:take|get|strike) (?:me|us|{_NUMBER}) (?:off|out of|from)\b"
                rf"(?! .{{0,15}}\b(?:waiting|wait|guest)\b).{{0,20}}\b{_LIST}\b"
            ),
            (
                rf"^(?:take|get|strike|scratch|cross) (?:me|us|{_NUMBER}|my name) off(?: of)?"
                rf"(?: this| here)?{_TAIL}"
            ),
            (
                rf"^(?:remove|delete|erase|lose|block) (?:me|{_NUMBER})(?: (?:from|off))?"
                rf"(?: (?!account|card|queue|wait|profile|loan|policy|file)\w+){{0,4}}(?:$| {MESSAGES}$)"
            ),
            rf"\b(?:unsubscribe|opt) (?:me|us|{_NUMBER})(?: (?:out|from|of|everything))*(?: {THESE}{MESSAGES})?{_TAIL}",
            (
                r"(?<!not )(?<!dont )(?<!never )"
                rf"\b(?:want|wish|like|need|how (?:do|can) i|going) (?:to )?(?:unsubscribe|opt out)(?: (?:from|of))?"
                rf"(?: {THESE}{MESSAGES}| this| these| it)?{_TAIL}"
            ),
            # The bare word may be of anything: it counts where it stands alone.
            rf"^(?:unsubscribe|opt out)(?: (?:from|of))? (?:all$|{THESE}{MESSAGES}{_TAIL})",
            rf"^(?:im |i am |i |hereby )+(?:unsubscribe|opt(?:ed)? out)(?: (?:from|of))?(?: this| these)?{_TAIL}",
            (
                r"^(?:im |i am |hereby )*(?:unsubscribing|opting out)(?: (?:from|of))?"
                rf"(?: all| this| these| {THESE}{_CONTACT})?{_TAIL}"
            ),
            r"^leave (?:me|us) (?:alone|be|in peace)$",
            rf"^(?:to )?be (?:removed|taken off|deleted) (?:from |off )?(?:\w+ ){{0,2}}(?<!waiting ){_LIST}$",
            rf"\b(?:want|like|need)(?: to (?:get|be))? (?:off|out of) (?:this|your|the) (?!wait)(?:\w+ )?{_LIST}\b",
            r"^(?:i )?(?:hereby )?(?:withdraw|revoke|rescind)(?:ing)? (?:my )?(?:consent|permission)\b",
            (
                r"\b(?:not|never|no|dont|didnt) (?:\w+ ){0,3}(?:consent|permission) to "
                rf"(?:{_WRITE} {_ME}|be {_WRITTEN})\b"
            ),
            (
                rf"^(?:if you {_WRITE} {_ME} again|{_WRITE} {_ME} (?:one more time|once more|again)|"
                rf"(?:one more|another) {MESSAGES}(?: from you)?)(?: and| or)? i.{{0,20}}"
                r"\b(?:report|reporting|block|blocking|sue|suing|complain|complaining|lawyer|police)\b"
            ),
        )
    )
)
