"""Documents that people sign and file, written from the terms of a version and a library of clauses."""
