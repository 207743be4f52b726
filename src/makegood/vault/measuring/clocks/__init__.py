"""The clocks of cases in bulk: what changes of state add up to, in any order and in any number of parts."""
