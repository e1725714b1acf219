"""The words that mean something by themselves in a text (pure): stop, start, help, and a plain refusal."""

import re

# Alone, but for politeness, each of these means stop; the first set cannot mean anything else.
PLAIN_STOP = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """stop|stopall|stop all|all stop|stopp|stp|sotp|stpo|tsop|dtop|stoip|stopo|st op|sto p
stop it|stop this|stop that|stop them|stop these|stop everything|cease and desist|cease|desist|stop contact|no contact
stop texts|stop sms|stop surveys|stop messages|stop sending|stop texting|stop messaging
unsubscribe|unsubscribed|opt out|optout|opt me out|arret
no more|no more texts|st0p|cancel texts|cancel sms|cancel messages|cancel surveys
退订|退定|退丁|谢绝短信|取消订阅|拒收|拒绝接收|停止|停止发送|停发|停止订阅|勿扰|免打扰|请勿打扰|不要打扰|不订阅|不订|不订了|不再订阅""",
    )
)
CARRIER_STOP = frozenset(
    ["t", "td", "r", "end", "cancel", "quit", "revoke", "remove", "停", "退", "取消", "退出", "拒绝"]
)
START = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """start|unstop|start again|start texts|start texting|restart texts|resubscribe|resubscribe me|subscribe
subscribe me|subscribe again|subscribe me again|opt in|opt in again|opt me in|opt back in|opt me back in
sign me up again|sign me back up
订阅|恢复|恢复订阅|重新订阅|再次订阅|恢复接收|重新接收|恢复短信|恢复发送|开始|开始接收|开始订阅""",
    )
)
HELP = frozenset(["help", "info", "帮助"])
# Alone, these may be meant for the texts or for the question: nobody guesses.
REFUSALS = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """n|enough|enough is enough|not interested|im not interested|no interest|go away|get lost|get stuffed|piss off
fuck off|fck off|fk off|f off|eff off|sod off|bugger off|shut up|leave it|give it a rest|end this|end it
cancel it|cancel this|i dont do surveys
no sms|no texts|no messages|i want out|no need send|no need to send|dont send me|dont want any more of this
dont do surveys|no surveys|not doing this|not doing surveys|not doing a survey|i decline|decline
够了|烦|好烦|烦死|烦死了|真烦|太烦|讨厌|滚|滚开|滚蛋|走开|不感兴趣|没兴趣|没有兴趣|不要|不要了|别问|别问了|别再问
不想回答|不想答|不回答|拒绝回答|不填|不想填|不做问卷|不做调查|不想做""",
    )
)
