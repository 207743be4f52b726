"""Probes in bulk: as columns, in the log and in segments, with the runs that sealing makes of them."""
