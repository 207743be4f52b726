"""``makegood simulate``: what an agreement would have cost on past evidence, and what it may cost in a year."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from makegood.cli.output import Json, counted, out, print_json, table_of
from makegood.cli.past import Block, From, Past, Seed, Until, Years, evidence_of, past_of, risk_of
from makegood.cli.report.shown import WORD
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, AsOf, VaultFolder
from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.review.distribution import Distribution
from makegood.engine.review.jeffreys import Chance
from makegood.engine.review.simulation import FEW, YEARS, Risk, chances
from makegood.engine.review.wording import every_word, share
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

QUANTILES = (Ratio(95, 100), Ratio(99, 100))


def simulate(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    start: From = "",
    until: Until = "",
    as_of: AsOf = "",
    years: Years = YEARS,
    block: Block = 0,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """Say what an agreement would have cost on past evidence, and what it may cost in a year.

    The agreement is judged and settled on what the vault holds, as if it had been in force then; nothing is booked.
    Then years are drawn from these periods, whole periods with everything that happened in them, and each year is
    settled by the same law.
    """
    terms, evidence = evidence_of(agreement, vault)
    past = past_of(terms, evidence, start=start, until=until, as_of=as_of)
    risk = risk_of(past, years=years, block=block, seed=seed, quiet=json)
    seen = chances(past.replay.whole)
    if json:
        print_json({"replay": replay_form(past), "risk": risk_form(risk, seen) if risk else None})
        return
    out.print(replay_table(past), soft_wrap=False)
    for sentence in replay_sentences(past):
        out.print(sentence)
    if risk is None:
        out.print(past.why_no_year)
        return
    out.print(risk_table(past, risk), soft_wrap=False)
    out.print(chance_table(past, risk, seen), soft_wrap=False)
    for sentence in risk_sentences(past, risk, seen):
        out.print(sentence)


def replay_table(past: Past) -> Table:
    """Return the replay as a table: a row for each period with what each outcome credits."""
    replayed = past.replay
    first, last = replayed.judgements[0].period.first_day, replayed.judgements[-1].period.last_day
    table = table_of(f"{past.agreement.title}, as if in force from {first} to {last}", footer=True)
    fee, total = replay_sums(past)
    table.add_column("period")
    for outcome in past.agreement.outcomes:
        table.add_column(outcome, justify="right")
    table.add_column("fee", justify="right", footer=str(fee))
    table.add_column("credit", justify="right", footer=str(total))
    for judgement, credits in zip(replayed.judgements, replayed.credits, strict=True):
        cells = [_cell(judgement, credits, outcome) for outcome in past.agreement.outcomes]
        label = judgement.period.label + (" in part" if judgement.period.partial else "")
        table.add_row(label, *cells, str(credits.fee), str(credits.total))
    return table


def replay_sums(past: Past) -> tuple[Amount, Amount]:
    """Return all fees and all credits of the replay."""
    currency, credits = past.agreement.money.currency, past.replay.credits
    return (
        Amount.total((each.fee for each in credits), currency),
        Amount.total((each.total for each in credits), currency),
    )


def replay_sentences(past: Past) -> Iterator[str]:
    """Yield what the replay comes to, and how far it can be relied on."""
    fee, total = replay_sums(past)
    of_fee = f" of {fee} in fees ({share(total.value / fee.value)})" if fee else ""
    number = len(past.replay.judgements)
    every = past.agreement.term.period.every
    periods = f"these {number:,} {every_word(every, number)}" if number > 1 else f"this {every_word(every)}"
    yield f"In {periods} the agreement would have credited {total}{of_fee}."
    if past.outside:
        yield past.outside
    undecided = sum(verdict.ruling is Ruling.UNDECIDED for each in past.replay.judgements for verdict in each.verdicts)
    if undecided:
        yield (
            f"{counted(undecided, 'verdict')} {'is' if undecided == 1 else 'are'} undecided and credited nothing;"
            " with the missing evidence the figures may be higher."
        )


def risk_table(past: Past, risk: Risk) -> Table:
    """Return what periods did cost, and what drawn years come to."""
    every = every_word(past.agreement.term.period.every)
    period, year = period_distribution(past), risk.year
    table = table_of("What it may cost")
    for name in ("", f"a {every}, as replayed", "a year, as drawn", "of the fee"):
        table.add_column(name, justify="right" if name else "left")
    rows = [("expected", "expected"), ("standard deviation", "deviation")]
    for name, key in rows:
        table.add_row(name, str(getattr(period, key)), *_of_fee(getattr(year, key), risk.fee))
    for quantile in QUANTILES:
        name = f"at most, in {quantile.percent()} of them"
        table.add_row(name, str(period.at(quantile)), *_of_fee(year.at(quantile), risk.fee))
    table.add_row("the worst", str(period.worst), *_of_fee(year.worst, risk.fee))
    return table


def period_distribution(past: Past) -> Distribution:
    """Return the credits of the whole periods that years are drawn from."""
    whole = {judgement.period.label for judgement in past.replay.whole}
    return Distribution.of([each.total for each in past.replay.credits if each.period.label in whole])


def chance_table(past: Past, risk: Risk, seen: dict[str, Chance]) -> Table:
    """Return for each outcome how often it was missed, how likely that is, and what it costs a year."""
    every = every_word(past.agreement.term.period.every)
    table = table_of("How likely a miss is")
    for name in ("outcome", "missed", f"chance a {every}", "between (95 %)", "credit a year"):
        table.add_column(name, justify="left" if name == "outcome" else "right")
    lines = risk.lines
    for outcome, chance in seen.items():
        expected = str(lines[outcome].expected) if outcome in lines else "no stake"
        between = f"{chance.low.percent(2)} and {chance.high.percent(2)}"
        table.add_row(
            outcome,
            f"{chance.happened:,} of {chance.of:,}",
            chance.share.percent(2) if chance.of else "unknown",
            between if chance.of else "unknown",
            expected,
        )
    for name in lines.keys() - seen.keys():
        table.add_row(name, "", "", "", str(lines[name].expected))
    return table


def risk_sentences(past: Past, risk: Risk, seen: dict[str, Chance]) -> Iterator[str]:
    """Yield how the years were drawn, how often a limit was reached, and what the figures cannot know."""
    every = past.agreement.term.period.every
    of = f"{risk.observed:,} {every_word(every, risk.observed)}"
    yield (
        f"{counted(risk.draw.years, 'year')} drawn from {of} in blocks of {risk.draw.block}, seed {risk.draw.seed};"
        f" digest {risk.digest[:16]}."
    )
    if past.agreement.caps or past.agreement.money.at_risk is not None:
        yield (
            f"A cap or the amount at risk reduced credits in {share(risk.limited)} of the years and in"
            f" {share(risk.limited_periods)} of the {every_word(every, 2)}."
        )
    for right, often in risk.rights.items():
        yield f"The customer gains a right in {share(often)} of the years: {right}."
    for outcome, chance in seen.items():
        if chance.of and chance.happened < FEW and past.agreement.outcomes[outcome].stake is not None:
            yield few_sentence(outcome, chance, every_word(every))


def few_sentence(outcome: str, chance: Chance, every: str) -> str:
    """Return what is known of an outcome that was hardly ever missed."""
    missed = {0: "never missed", 1: "missed once", 2: "missed twice"}
    how_often = missed.get(chance.happened, f"missed {chance.happened} times")
    known = f"{outcome} was {how_often} in {chance.of:,}: the chance of a miss in a {every}"
    if not chance.happened:
        return f"{known} is at most {chance.high.percent(1)}, and what it would cost is not in the drawn years."
    return f"{known} lies between {chance.low.percent(1)} and {chance.high.percent(1)}, so take the figures with care."


def replay_form(past: Past) -> dict[str, object]:
    """Return the replay as JSON-ready data."""
    fee, total = replay_sums(past)
    periods = [
        {
            "period": judgement.period.label,
            "partial": judgement.period.partial,
            "rulings": {verdict.outcome: verdict.ruling.value for verdict in judgement.verdicts},
            "credits": {credit.outcome: str(credit.amount) for credit in credits.credits},
            "fee": str(credits.fee),
            "credit": str(credits.total),
        }
        for judgement, credits in zip(past.replay.judgements, past.replay.credits, strict=True)
    ]
    term = past.replay.agreement.term
    return {
        "agreement": past.agreement.agreement,
        "from": term.from_.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "snapshot": past.replay.judgements[0].snapshot,
        "periods": periods,
        "fee": str(fee),
        "credit": str(total),
    }


def risk_form(risk: Risk, seen: dict[str, Chance]) -> dict[str, object]:
    """Return the risk as JSON-ready data; shares are exact."""
    return {
        "years": risk.draw.years,
        "block": risk.draw.block,
        "seed": risk.draw.seed,
        "digest": risk.digest,
        "observed_periods": risk.observed,
        "periods_a_year": risk.periods,
        "fee_of_a_year": str(risk.fee),
        "year": distribution_form(risk.year),
        "limited_years": str(risk.limited),
        "limited_periods": str(risk.limited_periods),
        "rights": {right: str(chance) for right, chance in risk.rights.items()},
        "outcomes": {
            outcome: {
                "missed": chance.happened,
                "of": chance.of,
                "chance_low": str(chance.low),
                "chance_high": str(chance.high),
            }
            for outcome, chance in seen.items()
        },
        "lines": {name: distribution_form(line) for name, line in risk.lines.items()},
    }


def distribution_form(sums: Distribution) -> dict[str, object]:
    """Return a distribution as JSON-ready data."""
    quantiles = {f"at_{quantile.percent(0).removesuffix(' %')}": str(sums.at(quantile)) for quantile in QUANTILES}
    return {
        "expected": str(sums.expected),
        "deviation": str(sums.deviation),
        **quantiles,
        "worst": str(sums.worst),
    }


def _cell(judgement: Judgement, credits: PeriodCredits, outcome: str) -> str:
    """Return what an outcome credits, or how it was ruled if that is nothing."""
    credited = next((credit.amount for credit in credits.credits if credit.outcome == outcome), None)
    return str(credited) if credited else WORD[judgement.of(outcome).ruling]


def _of_fee(sum_: Amount, fee: Amount) -> tuple[str, str]:
    return str(sum_), share(sum_.value / fee.value) if fee else ""
