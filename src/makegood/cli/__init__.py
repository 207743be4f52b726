"""The command line: every word of `makegood`, its sentences and its exit codes."""
