from itertools import product

from makegood.drawing.palette import ACCENT, INK, MET, MISSED, MUTED, PAPER, RAISED, STACK, TOKENS, UNDECIDED, stack


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


class TestThePalette:
    def test_lets_text_be_read_on_both_grounds_in_light_and_dark(self) -> None:
        pairs = product((INK, MUTED, ACCENT, MET, MISSED, UNDECIDED), (PAPER, RAISED))
        weak = [
            (text.name, ground.name)
            for text, ground in pairs
            if min(contrast(text.light, ground.light), contrast(text.dark, ground.dark)) < 4.5
        ]
        assert weak == []

    def test_lets_marks_be_seen(self) -> None:
        weak = [
            each.name for each in STACK if min(contrast(each.light, PAPER.light), contrast(each.dark, PAPER.dark)) < 3
        ]
        assert weak == []

    def test_has_each_colour_once_so_that_drawings_can_be_recoloured(self) -> None:
        assert len({token.light for token in TOKENS}) == len({token.name for token in TOKENS}) == len(TOKENS)

    def test_begins_again_after_six_outcomes(self) -> None:
        assert [stack(0).name, stack(5).name, stack(6).name] == ["stack-1", "stack-6", "stack-1"]
