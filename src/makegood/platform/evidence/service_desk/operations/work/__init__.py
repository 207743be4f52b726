"""Work on cases: what it costs, what it follows, who hears of it, and what is learnt from it."""
