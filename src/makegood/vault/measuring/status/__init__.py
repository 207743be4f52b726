"""Measuring the status of many series in one pass over their probes, as the law does one by one."""
