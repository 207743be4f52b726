"""The words of the report, for readers who see one for the first time."""

from typing import Final

GLOSSARY: Final = (
    ("adjustment", "A booked line that restates an earlier credit by the difference; nothing booked is ever changed."),
    ("at risk", "The amount that all weighted credits of a period share, and cannot exceed."),
    ("bundle", "A sealed file with the agreement, the evidence and every verdict and cent; anyone can verify it."),
    ("coverage", "The share of agreed time for which evidence tells the state of the service."),
    ("credit", "What the provider gives back for a period in which an outcome was missed."),
    (
        "evidence",
        "What happened, as records. They are added and never changed; a correction is a record too.",
    ),
    ("house default", "How a term is read where the agreement says nothing about it."),
    ("met", "The value reached the target, compared exactly and unrounded."),
    ("missed", "The value did not reach the target."),
    ("outcome", "A promise of the agreement: its measure, its target and the money on it."),
    ("reading", "How a term was read that could be read otherwise and changes a figure."),
    ("seal", "A hash over all evidence up to a snapshot; one changed byte gives another seal."),
    ("snapshot", "The number of the last entry of evidence that a verdict has seen."),
    ("target", "The level that separates met from missed."),
    ("undecided", "There is no verdict, because evidence is missing or too thin; this is never 0 and never 100 %."),
    ("verdict", "The ruling on one outcome in one period, with everything that led to it."),
)
