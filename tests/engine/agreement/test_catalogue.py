import pytest

from makegood.engine.agreement.catalogue import CODES, GOOD, completed, example
from makegood.engine.agreement.document import read
from makegood.engine.vocabulary.finding import Severity

BY_CODE = {code.code: code for code in CODES}


class TestTheCatalogue:
    def test_has_each_code_once_and_in_order(self) -> None:
        assert [code.code for code in CODES] == sorted({code.code for code in CODES})

    def test_says_of_each_code_what_it_means_and_how_to_mend_it(self) -> None:
        assert [code.code for code in CODES if not (code.meaning.endswith(".") and code.remedy.endswith("."))] == []

    def test_starts_from_an_agreement_without_findings(self) -> None:
        assert read(GOOD).findings == ()

    def test_completes_a_piece_with_what_a_good_agreement_has_besides(self) -> None:
        assert completed("title: Another\n").count("title: A") == 1
        assert read(completed("title: Another\n")).findings == ()

    @pytest.mark.parametrize(
        ("code", "line", "column", "path"),
        [
            ("MG101", 1, 12, ""),
            ("MG102", 1, 8, "title"),
            ("MG103", 1, 1, ""),
            ("MG104", 1, 39, "title" + "[0]" * 31),
            ("MG105", 2, 1, ""),
            ("MG106", 1, 8, "title"),
            ("MG107", 1, 1, "per_incidents"),
            ("MG108", 2, 1, "title"),
            ("MG109", 1, 1, "parties.customer"),
            ("MG110", 1, 10, "parties"),
            ("MG111", 1, 15, "per_incident"),
            ("MG112", 1, 18, "closing.after"),
            ("MG113", 1, 51, "services.shop.fee.monthly"),
            ("MG114", 1, 11, "makegood"),
            ("MG115", 1, 1, "term"),
            ("MG116", 1, 45, "term.months"),
            ("MG201", 1, 21, "closing.calendar"),
            ("MG202", 7, 14, "outcomes.open.service"),
            ("MG203", 4, 39, "outcomes.open.measure.of"),
            ("MG204", 4, 53, "outcomes.open.measure.priority"),
            ("MG205", 4, 74, "outcomes.open.measure.limits.P2"),
            ("MG206", 1, 13, "calendars.always"),
            ("MG207", 1, 62, "calendars.office.holidays"),
            ("MG208", 1, 53, "calendars.office.days.fri"),
            ("MG209", 1, 28, "calendars.office.days"),
            ("MG210", 1, 86, "services.shop.made_of"),
            ("MG211", 1, 42, "parties.customer"),
            ("MG212", 13, 39, "outcomes.open.measure.of"),
            ("MG301", 1, 33, "term.until"),
            ("MG302", 1, 96, "term.period.starts_on"),
            ("MG303", 1, 34, "term.months"),
            ("MG310", 4, 81, "outcomes.open.measure.unknown.minimum_coverage"),
            ("MG311", 4, 73, "outcomes.open.measure.unknown.minimum_coverage"),
            ("MG312", 4, 64, "outcomes.open.measure.slices"),
            ("MG313", 4, 111, "outcomes.open.measure.slices.bad_when"),
            ("MG314", 4, 115, "outcomes.open.measure.slices.bad_when"),
            ("MG315", 4, 69, "outcomes.open.measure.clock.pause"),
            ("MG316", 7, 17, "outcomes.open.low_volume"),
            ("MG317", 4, 81, "outcomes.open.measure.excluded.maintenance.allowance"),
            ("MG318", 4, 50, "outcomes.open.measure.limit"),
            ("MG319", 4, 90, "outcomes.open.measure.excluded.customer.allowance"),
            ("MG320", 5, 13, "outcomes.open.target"),
            ("MG321", 5, 13, "outcomes.open.target"),
            ("MG322", 5, 13, "outcomes.open.target"),
            ("MG323", 5, 13, "outcomes.open.target"),
            ("MG324", 5, 13, "outcomes.open.target"),
            ("MG330", 6, 43, "outcomes.open.stake.tiers[0].below"),
            ("MG331", 6, 43, "outcomes.open.stake.tiers[0].below"),
            ("MG332", 6, 70, "outcomes.open.stake.tiers[1].below"),
            ("MG333", 6, 85, "outcomes.open.stake.tiers[1].credit"),
            ("MG334", 6, 43, "outcomes.open.stake.tiers[0].below"),
            ("MG335", 6, 43, "outcomes.open.stake.tiers[0].below"),
            ("MG336", 6, 58, "outcomes.open.stake.tiers[0].credit"),
            ("MG337", 6, 58, "outcomes.open.stake.tiers[0].credit"),
            ("MG338", 6, 44, "outcomes.open.stake.per_unit.unit"),
            ("MG340", 6, 21, "outcomes.open.stake.weight"),
            ("MG341", 6, 21, "outcomes.open.stake.weight"),
            ("MG342", 14, 21, "outcomes.open.stake.weight"),
            ("MG343", 12, 33, "money.at_risk"),
            ("MG344", 11, 3, "outcomes.f"),
            ("MG345", 6, 5, "outcomes.open.stake"),
            ("MG346", 6, 5, "outcomes.open.stake"),
            ("MG347", 7, 5, "outcomes.open.stake"),
            ("MG348", 7, 33, "money.at_risk"),
            ("MG350", 4, 70, "outcomes.open.measure.maximum"),
            ("MG351", 4, 82, "outcomes.open.measure.maximum"),
            ("MG352", 6, 38, "outcomes.open.stake.per_event"),
            ("MG353", 4, 44, "outcomes.open.measure.as"),
            ("MG354", 4, 82, "outcomes.open.measure.excluded.storm.effect"),
            ("MG355", 4, 62, "outcomes.open.measure.after"),
            ("MG356", 4, 79, "outcomes.open.measure.method"),
            ("MG357", 4, 35, "outcomes.open.measure.as"),
            ("MG358", 4, 66, "outcomes.open.measure.quantile"),
            ("MG359", 7, 27, "outcomes.open.precision.decimals"),
            ("MG360", 1, 29, "minimum_credit.more_than"),
            ("MG361", 1, 51, "services.shop.fee.monthly"),
            ("MG362", 1, 52, "money.at_risk.of"),
            ("MG363", 1, 43, "money.at_risk.percent"),
            ("MG364", 1, 26, "caps[0].at"),
            ("MG365", 1, 26, "caps[0].at"),
            ("MG366", 1, 47, "caps[1]"),
            ("MG367", 2, 17, "minimum_credit"),
            ("MG380", 4, 66, "outcomes.open.measure.count.granularity"),
            ("MG381", 2, 77, "services.shop.made_of"),
            ("MG382", 2, 87, "services.shop.made_of.weights"),
            ("MG383", 12, 39, "outcomes.open.measure.of"),
            ("MG384", 2, 111, "services.shop.made_of.at_least"),
            ("MG385", 4, 79, "outcomes.open.measure.long_stop_units"),
            ("MG386", 4, 50, "outcomes.open.measure.due"),
            ("MG387", 6, 48, "outcomes.open.stake.per_step.refunds.fixed"),
            ("MG388", 6, 37, "outcomes.open.stake.per_step"),
            ("MG389", 4, 66, "outcomes.open.measure.clock.to"),
            ("MG390", 4, 67, "outcomes.open.measure.rest_within"),
            ("MG391", 4, 95, "outcomes.open.measure.priority_at"),
            ("MG392", 4, 31, "outcomes.open.measure.of"),
            ("MG393", 8, 36, "outcomes.all.measure.weights"),
            ("MG510", 1, 13, "sequences.open"),
            ("MG511", 1, 40, "sequences.repeat.of"),
            ("MG512", 1, 40, "sequences.repeat.of"),
            ("MG513", 1, 80, "sequences.back.above"),
            ("MG514", 1, 59, "sequences.now-and-then.minimum"),
            ("MG515", 1, 41, "sequences.better.of"),
            ("MG516", 1, 78, "sequences.better.best"),
            ("MG517", 1, 79, "sequences.back.steps[1].after"),
            ("MG518", 1, 44, "sequences.back.steps"),
            ("MG519", 1, 52, "sequences.repeat.multiplies[1]"),
            ("MG520", 1, 43, "sequences.exit.missed"),
            ("MG521", 3, 3, "sequences.by-year"),
            ("MG522", 6, 17, "outcomes.open.stake.of"),
            ("MG523", 1, 46, "caps[0].brought_forward"),
            ("MG524", 1, 75, "sequences.now-and-then.pays_from"),
            ("MG540", 6, 41, "outcomes.open.stake.table.rows"),
            ("MG541", 6, 86, "outcomes.open.stake.table.rows[1]"),
            ("MG542", 6, 42, "outcomes.open.stake.table.rows[0]"),
            ("MG543", 6, 107, "outcomes.open.stake.table.rows[1].credit"),
            ("MG544", 5, 13, "outcomes.open.target"),
            ("MG545", 6, 71, "outcomes.open.stake.table.rows[1]"),
            ("MG546", 6, 41, "outcomes.open.stake.table.rows"),
            ("MG547", 6, 35, "outcomes.open.stake.linear"),
            ("MG548", 6, 36, "outcomes.open.stake.windows"),
            ("MG549", 6, 44, "outcomes.open.stake.windows.every"),
            ("MG550", 5, 13, "outcomes.open.target"),
            ("MG551", 4, 81, "outcomes.open.measure.excluded.maintenance.allowance"),
            ("MG552", 6, 39, "outcomes.open.stake.money_back"),
            ("MG553", 6, 44, "outcomes.open.stake.minimum.level"),
            ("MG554", 6, 95, "outcomes.open.stake.minimum.credit"),
            ("MG555", 1, 34, "money.decimals"),
            ("MG556", 1, 44, "incentives.share.of"),
            ("MG557", 1, 14, "incentives.open"),
            ("MG558", 7, 32, "outcomes.open.bonus.tiers[0].at_least"),
            ("MG559", 7, 76, "outcomes.open.bonus.tiers[1].pays"),
            ("MG560", 1, 71, "incentives.share.unit"),
            ("MG561", 9, 5, "outcomes.open.bonus"),
            ("MG562", 1, 31, "claims.of"),
            ("MG563", 2, 24, "claims.end_of_cycle"),
            ("MG564", 1, 33, "termination.damages.months"),
            ("MG700", 1, 36, "amendment.effective"),
            ("MG705", 1, 62, "closing.final.after"),
            ("MG706", 6, 46, "value_shares.network.allocations[0].shares"),
            ("MG707", 5, 46, "value_shares.network.allocations[0].shares"),
            ("MG708", 5, 66, "value_shares.network.allocations[1].from"),
            ("MG709", 5, 26, "value_shares.network.allocations[0].from"),
            ("MG740", 7, 26, "outcomes.open.roles.accountable"),
            ("MG741", 7, 26, "outcomes.open.roles.accountable"),
            ("MG742", 1, 68, "duties.contact.of"),
            ("MG743", 1, 53, "levers.prices.on"),
            ("MG744", 1, 56, "insurance.liability.until"),
            ("MG745", 1, 68, "governance.escalation[1].after"),
            ("MG746", 1, 31, "scope.out[0]"),
        ],
    )
    def test_shows_each_finding_at_its_place_and_no_other(self, code: str, line: int, column: int, path: str) -> None:
        document = read(example(BY_CODE[code]), "bad.yaml")
        found = [(each.code, each.severity, each.place) for each in document.findings]
        assert [(name, severity) for name, severity, _ in found] == [(code, BY_CODE[code].severity)]
        place = found[0][2]
        assert place is not None
        assert (place.file, place.line, place.column, place.path) == ("bad.yaml", line, column, path)
        assert (document.agreement is None) is (BY_CODE[code].severity is Severity.ERROR)

    def test_has_a_place_for_every_code_in_the_test_above(self) -> None:
        rows = TestTheCatalogue.test_shows_each_finding_at_its_place_and_no_other.pytestmark[0].args[1]  # type: ignore[attr-defined]
        assert [row[0] for row in rows] == [code.code for code in CODES]
