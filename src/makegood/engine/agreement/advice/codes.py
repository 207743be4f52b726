"""Findings of series MG80 and MG81: advice on an agreement by its own words; only ``lint`` gives it."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

TIERS_END_EARLY = Code(
    "MG800",
    Severity.NOTE,
    "tiers that end before the money does",
    "The last tier pays less than its whole base, so beyond its bound a disaster costs as much as a bad day.",
    "Add a tier for what would be a disaster, or leave it if that is meant.",
    bad_outcome(stake="{weight: 100%, tiers: [{below: 99.9%, credit: 10%}]}"),
)
UNITS_END_EARLY = Code(
    "MG801",
    Severity.NOTE,
    "units that stop to cost",
    "From some value on the most that the outcome pays is reached, and worse costs nothing more.",
    "Raise `at_most`, lower the credit of a unit, or leave it if that is meant.",
    bad_outcome(
        stake="{weight: 100%, per_unit: {unit: 0.1%, credit: 25%, counted: started}, at_most: 100%}",
    ),
)
CLIFF = Code(
    "MG802",
    Severity.WARNING,
    "cliff between two tiers",
    "A tiny worsening multiplies the credit by four or more, so that all dispute will be about one decimal.",
    "Put a tier between them, or use a credit per unit.",
    bad_outcome(stake="{weight: 100%, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 100%}]}"),
)
CLIFF_AT_TARGET = Code(
    "MG803",
    Severity.NOTE,
    "everything at once",
    "The smallest miss already pays at least half of the base: the value just met costs nothing.",
    "Begin with a smaller credit, or leave it if the promise has only two sides.",
    bad_outcome(stake="{weight: 100%}"),
)
MILDER_PAYS_MORE = Code(
    "MG804",
    Severity.WARNING,
    "milder promise that pays more",
    "Two outcomes measure the same in the same way, and the one that is missed later pays less at every step than the"
    " one that is missed sooner: the worse clause is the cheaper one.",
    "Make one outcome with tiers of them, or let the worse one pay more.",
    bad_outcome(
        stake="{weight: 60%, tiers: [{below: 99.9%, credit: 100%}]}",
        more="  awful:\n    promise: It is never away for long.\n    measure: {kind: availability, of: shop}\n"
        '    target: ">= 99%"\n    stake: {weight: 40%, tiers: [{below: 99%, credit: 100%}]}\n',
    ),
)
THIN_IS_KINDER = Code(
    "MG805",
    Severity.WARNING,
    "rule for thin periods that is kinder than the percentage",
    "One case more, with the same misses, turns a met period into a missed one.",
    "Allow as many misses as the percentage allows at that number of cases.",
    bad_outcome(
        measure="{kind: ratio, of: orders, good: accepted}", more="    low_volume: {below: 50, allowed_misses: 5}\n"
    ),
)
THIN_IS_HARDER = Code(
    "MG806",
    Severity.WARNING,
    "rule for thin periods that is harder than the percentage",
    "A period is missed for having too few cases, with a share that would meet the target if there were one more.",
    "Allow as many misses as the percentage allows at that number of cases.",
    bad_outcome(
        measure="{kind: ratio, of: orders, good: accepted}",
        target=">= 95%",
        stake="{weight: 100%, tiers: [{below: 95%, credit: 10%}]}",
        more="    low_volume: {below: 200, allowed_misses: 1}\n",
    ),
)
NOT_ONE_MISS = Code(
    "MG807",
    Severity.NOTE,
    "percentage that allows no miss",
    "With so few cases the percentage allows none to go wrong: it says 100 % in other words.",
    "Raise the number from which a percentage is taken, or promise a number of misses.",
    bad_outcome(
        measure="{kind: ratio, of: orders, good: accepted}", more="    low_volume: {below: 100, allowed_misses: 0}\n"
    ),
)
NO_THIN_PERIODS = Code(
    "MG808",
    Severity.NOTE,
    "share of cases without a rule for thin periods",
    "In a quiet month a single case decides a percentage, and nobody agreed how that is read.",
    "Add `low_volume`.",
    bad_outcome(measure="{kind: ratio, of: orders, good: accepted}"),
)
COARSER_THAN_PROMISED = Code(
    "MG809",
    Severity.WARNING,
    "promise that is finer than its count",
    "What the target allows in a period is less than the shortest outage that counts, or than a few minutes where"
    " whole minutes are counted: any outage that counts at all is a miss.",
    "Count seconds, lower the shortest outage that counts, or lower the target.",
    bad_outcome(measure="{kind: availability, of: shop, count: {ignore_shorter_than: 1h}}"),
)
NOTHING_OF_THE_BUSINESS = Code(
    "MG810",
    Severity.NOTE,
    "nothing that the business could say it in",
    "Every headline outcome is the availability of some component. A service can be up and nobody can order.",
    "Put a promise first that the customer's business feels: orders accepted, people served, cases solved.",
    bad_outcome(),
)
CRITICAL_WITHOUT_PROMISE = Code(
    "MG811",
    Severity.WARNING,
    "critical service without a promise",
    "The customer marked the service as critical, and no headline outcome is about it.",
    "Promise something about it, or do not call it critical.",
    "services:\n  shop: {title: The shop, fee: {monthly: 1000.00}, critical: true}\n"
    "  till: {title: The till, fee: {monthly: 10.00}, critical: true}\n",
)
CRITICAL_WITHOUT_MONEY = Code(
    "MG812",
    Severity.NOTE,
    "critical promise without money",
    "The customer's business depends on the outcome, and a miss costs nothing while others cost something.",
    "Put money on it, or say that it does not matter so much.",
    bad_outcome(
        more="  sold:\n    promise: Orders are accepted.\n    service: shop\n"
        '    measure: {kind: ratio, of: orders, good: accepted}\n    target: ">= 99%"\n',
    ),
)
NOTHING_TO_GAIN = Code(
    "MG813",
    Severity.NOTE,
    "all stick",
    "Money can only be lost. Too much of that teaches to argue about figures; what is to be gained moves people more.",
    "Let part of what is lost be earned back, or add a bonus for what is worth more to the customer.",
    bad_outcome(),
)
SILENT_READINGS = Code(
    "MG814",
    Severity.NOTE,
    "readings that were left to the house",
    "These terms change money and were not written, so they have the house defaults, which bind both sides.",
    "Read them, and write those that matter.",
    bad_outcome(),
)
ONE_DOMINATES = Code(
    "MG815",
    Severity.NOTE,
    "one promise that outweighs all others",
    "Nine tenths of the weight or more stand on one of several outcomes: the others are decoration.",
    "Share the weight, or make the others supporting figures.",
    bad_outcome(
        stake="{weight: 95%, tiers: [{below: 99.9%, credit: 10%}]}",
        more="  sold:\n    promise: Orders are accepted.\n    measure: {kind: ratio, of: orders, good: accepted}\n"
        '    target: ">= 99%"\n    stake: {weight: 5%, tiers: [{below: 99%, credit: 100%}]}\n',
    ),
)

ADVICE_CODES = (
    TIERS_END_EARLY,
    UNITS_END_EARLY,
    CLIFF,
    CLIFF_AT_TARGET,
    MILDER_PAYS_MORE,
    THIN_IS_KINDER,
    THIN_IS_HARDER,
    NOT_ONE_MISS,
    NO_THIN_PERIODS,
    COARSER_THAN_PROMISED,
    NOTHING_OF_THE_BUSINESS,
    CRITICAL_WITHOUT_PROMISE,
    CRITICAL_WITHOUT_MONEY,
    NOTHING_TO_GAIN,
    SILENT_READINGS,
    ONE_DOMINATES,
)
