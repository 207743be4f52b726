"""The house: people, agreements, evidence, verdicts and money of one provider in the browser."""
