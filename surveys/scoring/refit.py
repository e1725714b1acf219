"""A light refit from a company's corrections: small offsets on top of the shipped model, pulled to nothing. Pure.

Two lines, negative and positive each against the rest: logistic regression with the shipped log-odds as offset and an
L2 prior, solved on its dual, one comment after the other (Yu, Huang and Lin 2011), always in the same order. The prior
of an ordinary feature is 0; that of a phrase somebody explained is a clear word in place of what the model thought.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import cast

from surveys.scoring.features import chinese_scoped, english_tokens, paired
from surveys.scoring.golden import LANGUAGES, Side, Told, golden_f1, golden_set, judge, side_of, tell, told_f1
from surveys.scoring.labels import POLARITY
from surveys.scoring.language import detect_folded, fold
from surveys.scoring.model import LinearModel, shipped
from surveys.scoring.negation import NEGATED, tag_negation
from surveys.scoring.polarity import read, read_whole
from surveys.scoring.spelling import mended
from surveys.scoring.tables import TILT, Question
from surveys.scoring.tenant import Lean, Tenant, bare, forms_of, phrase_pattern, phrases_in, said_form

PULL = 0.3  # of the prior: one correction moves its words by a twentieth of a clear word, twenty by most of one
MARGIN = 0.01  # of macro-F1 on the golden set of each language: the most that what is learnt may cost
LEXICON_MARGIN = 0.03  # and the words somebody explained: they are meant, as far as they do not undo the model
ENOUGH = 20  # corrections from which on they speak about each other
SHARES = (1.0, 0.5, 0.25)  # how much of it is tried to be held when all of it costs more
FOLDS = 5
MOST = 1000  # corrections, the latest: so many are learnt in two seconds at most
_STEPS: dict[Side, int] = {"neg": 0, "neu": 1, "pos": 2}
_CLEAR = 8.0  # the weight of a clear word in either line, such as "slow"
_COMMON = 300  # the most frequent features: what leans no way among them explains no correction
_TELLS_LITTLE = 2.5
_FAINT = 0.02
_ROUNDS = 60
_CLOSE = 1e-4


@dataclass(frozen=True, slots=True)
class Corrected:
    """One comment as a person labelled it; `phrase` decided, and `means` praise, criticism or nothing."""

    text: str
    label: str
    question: Question | None = None
    phrase: str | None = None
    means: str | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A refit that may be used.

    `lexicon` of what was explained is held, and `strength` of the rest; 0 when even a quarter costs too much.
    `own`: how each correction is read by so much of a refit that had not seen it; `shipped_own` by the shipped model.
    """

    tenant: Tenant
    strength: float
    lexicon: float
    own: Sequence[Told]
    shipped_own: Sequence[Told]


@dataclass(frozen=True, slots=True)
class _Row:
    features: dict[str, float]  # each once, before length; a phrase under a negation counts -1
    length: float
    logits: tuple[float, float]
    targets: tuple[float, float]


def refit(corrections: Sequence[Corrected], *, version: int) -> Fitted:
    """Learn from these corrections; the same ones in the same order give the same refit.

    First the words somebody explained, as long as they cost no more than LEXICON_MARGIN; then the rest within MARGIN.
    """
    whole, folds = fit(corrections, version=version), _Folds.of(corrections)
    shipped_own = folds.told(0.0, 0.0)
    least = _Reached({one: golden_f1(one) for one in LANGUAGES}, told_f1(shipped_own))
    strength, lexicon, own = 0.0, 0.0, shipped_own
    for share in SHARES:
        told = folds.told(0.0, share)
        found = _reached(_scaled(whole, 0.0, share), told)
        if found.within(least, LEXICON_MARGIN, own=len(told) >= ENOUGH):
            lexicon, own, least = share, told, found
            break
    for share in SHARES if lexicon else ():
        told = folds.told(share, lexicon)
        if _reached(_scaled(whole, share, lexicon), told).within(least, MARGIN, own=len(told) >= ENOUGH):
            strength, own = share, told
            break
    return Fitted(_scaled(whole, strength, lexicon), strength, lexicon, own, shipped_own)


@dataclass(frozen=True)
class Moved:
    """Of `n` comments so many are read as happier, and so many as unhappier, than by the shipped model."""

    n: int
    happier: int
    unhappier: int


def moved(texts: Sequence[str], tenant: Tenant) -> Moved:
    """What a refit changes in the side these comments are on."""
    steps = [_STEPS[_side_in(text, tenant)] - _STEPS[_side_in(text, None)] for text in texts]
    return Moved(len(texts), sum(step > 0 for step in steps), sum(step < 0 for step in steps))


def _side_in(text: str, tenant: Tenant | None) -> Side:
    return side_of(read_whole(text, tenant=tenant).label)


@dataclass(frozen=True)
class _Reached:
    """Macro-F1 on the golden set of each language, and on the corrections, each judged by what the others teach."""

    golden: dict[str, float]
    own: float

    def within(self, least: "_Reached", margin: float, *, own: bool) -> bool:
        # Where corrections contradict each other, or the words they name, what they teach makes the others worse.
        own_holds = not own or self.own >= least.own - MARGIN
        return own_holds and all(self.golden[one] >= least.golden[one] - margin for one in LANGUAGES)


def _reached(tenant: Tenant, own: Sequence[Told]) -> _Reached:
    return _Reached({one: told_f1(judge(golden_set(one), tenant)) for one in LANGUAGES}, told_f1(own))


def fit(corrections: Sequence[Corrected], *, version: int = 0) -> Tenant:
    """The refit before anything was asked."""
    leans = {language: _lean(corrections, language) for language in LANGUAGES}
    return Tenant(version, {name: lean for name, lean in leans.items() if lean is not None}, _whole(corrections))


@dataclass(frozen=True)
class _Folds:
    """Corrections, the fold each lies in, and what is learnt without each fold. The same words lie in the same fold."""

    corrections: Sequence[Corrected]
    lies: Sequence[int]
    without: dict[int, Tenant]

    @classmethod
    def of(cls, corrections: Sequence[Corrected]) -> "_Folds":
        seen: dict[str, int] = {}
        lies = [seen.setdefault(fold(one.text), len(seen)) % FOLDS for one in corrections]
        pairs = list(zip(corrections, lies, strict=True))
        return cls(corrections, lies, {held: fit([one for one, at in pairs if at != held]) for held in set(lies)})

    def told(self, strength: float, lexicon: float) -> list[Told]:
        """How each would be read by so much of a refit that had not seen it; nothing is the shipped model."""
        held = {number: _scaled(one, strength, lexicon) for number, one in self.without.items()}
        return [
            tell(read_whole(one.text, question=one.question, tenant=held[at]), side_of(one.label))
            for one, at in zip(self.corrections, self.lies, strict=True)
        ]


def _scaled(tenant: Tenant, strength: float, lexicon: float) -> Tenant:
    def less(lean: Lean) -> Lean:
        offsets = {name: moved * strength for name, moved in lean.offsets.items()} if strength else {}
        phrases = {name: moved * lexicon for name, moved in lean.phrases.items()} if lexicon else {}
        return Lean(lean.language, offsets, phrases)

    leans = {name: less(lean) for name, lean in tenant.leans.items()}
    return Tenant(tenant.version, leans, tenant.whole if lexicon else {})


def _lean(corrections: Sequence[Corrected], language: str) -> Lean | None:
    model = shipped(language)
    meant = _meanings(corrections, language)
    pattern = phrase_pattern(meant, language) if meant else None
    rows: list[_Row] = []
    for one in corrections:
        folded = fold(one.text)
        if detect_folded(folded) != language or read(one.text, question=one.question).whole:
            continue
        features, said = _features(folded, model, language)
        values = dict.fromkeys(features, 1.0)
        spoken = phrases_in(said, pattern, language) if pattern is not None else []
        for name, sign in dict.fromkeys((found.phrase, found.sign) for found in spoken):
            values[_named(name)] = values.get(_named(name), 0.0) + sign
        tilt = TILT[one.question] if one.question else (0.0, 0.0)
        negative, positive = model.logits(features)
        rows.append(
            _Row(values, len(features) ** 0.5 or 1.0, (negative + tilt[0], positive + tilt[1]), _targets(one.label))
        )
    if not rows and not meant:
        return None
    known = _learnable(rows, model)
    priors = {_named(phrase): _prior(phrase, means, model, language) for phrase, means in meant.items()}
    found = [_side(rows, known, priors, line) for line in (0, 1)]
    names = sorted(found[0])
    moved = {name: complex(round(found[0][name], 4), round(found[1][name], 4)) for name in names}
    return Lean(
        language,
        {name: pair for name, pair in moved.items() if name not in priors and max(map(abs, _two(pair))) >= _FAINT},
        {name[1:]: pair for name, pair in moved.items() if name in priors},
    )


def _two(pair: complex) -> tuple[float, float]:
    return pair.real, pair.imag


def _named(phrase: str) -> str:
    return f"={phrase}"


def _features(folded: str, model: LinearModel, language: str) -> tuple[set[str], str]:
    if language == "zh":
        return chinese_scoped(folded), folded
    written = english_tokens(folded)
    tagged = tag_negation(mended(written, model, name="en"))
    return paired(tagged), said_form(written, tagged)


def _targets(label: str) -> tuple[float, float]:
    if label == "mixed":
        return 0.5, 0.5
    side = side_of(label)
    return float(side == "neg"), float(side == "pos")


def _meanings(corrections: Sequence[Corrected], language: str) -> dict[str, str]:
    """What each explained phrase of this language means; of two opinions the later one holds."""
    meant: dict[str, str] = {}
    for one in corrections:
        if one.phrase and one.means:
            phrase = forms_of(one.phrase).get(language)
            if phrase:
                meant[phrase] = one.means
    return meant


def _prior(phrase: str, means: str, model: LinearModel, language: str) -> tuple[float, float]:
    pairs = [model.pair(feature) for feature in _features(phrase, model, language)[0]]
    toward = {"praise": 1.0, "criticism": -1.0}.get(means, 0.0) * _CLEAR
    return (
        -toward - sum(pair[0] for pair in pairs) * model.negative_scale,
        toward - sum(pair[1] for pair in pairs) * model.positive_scale,
    )


def _learnable(rows: Sequence[_Row], model: LinearModel) -> set[str]:
    """Words, and runs of words that came twice; nothing that every comment holds."""
    times = Counter(name for row in rows for name in row.features)
    common = {name for name in list(model.weights)[:_COMMON] if abs(model.leaning(name)) < _TELLS_LITTLE}
    known = set()
    for name, count in times.items():
        said = name.lstrip(NEGATED)
        joined = " " in said or (len(said) == 3 and not said.isascii())
        tells = len(said) > 1 and said.replace(" ", "").replace("'", "").isalpha() and name not in common
        if tells and (count > 1 or not joined):
            known.add(name)
    return known


def _side(rows: Sequence[_Row], known: set[str], priors: dict[str, tuple[float, float]], line: int) -> dict[str, float]:
    weights = dict.fromkeys(sorted(known), 0.0) | {name: prior[line] for name, prior in priors.items()}
    inputs = [[(name, v / row.length) for name, v in row.features.items() if name in weights] for row in rows]
    sizes = [sum(value * value for _, value in one) / PULL for one in inputs]
    pulls = [0.0] * len(rows)
    for _ in range(_ROUNDS):
        moved = 0.0
        for i, one in enumerate(inputs):
            if not one:
                continue
            rest = rows[i].logits[line] + sum(weights[name] * v for name, v in one) - pulls[i] * sizes[i]
            step = _solved(rows[i].targets[line], rest, sizes[i], pulls[i]) - pulls[i]
            pulls[i] += step
            moved = max(moved, abs(step))
            for name, value in one:
                weights[name] += step * value / PULL
        if moved < _CLOSE:
            break
    return weights


def _solved(target: float, rest: float, size: float, start: float) -> float:
    """The pull of one comment at which its own error is the pull: pull = target - P(rest + size x pull)."""
    pull = start
    for _ in range(8):
        chance = 1 / (1 + exp(-max(-40.0, min(40.0, rest + size * pull))))
        pull -= (pull - target + chance) / (1 + size * chance * (1 - chance))
    return max(-1.0, min(1.0, pull))


def _whole(corrections: Sequence[Corrected]) -> dict[tuple[str, str], float]:
    """Short answers that a table reads as a whole: the mean of what people said they mean and of the table's word."""
    said: dict[tuple[str, str], list[float]] = {}
    for one in corrections:
        value = POLARITY[one.label]
        reading = read(one.text, question=one.question)
        if value is None or not reading.whole:
            continue
        key = cast(str, one.question or ""), bare(fold(one.text))
        said.setdefault(key, [reading.polarity or 0.0]).append(value)
    return {key: round(sum(values) / len(values), 4) for key, values in sorted(said.items())}
