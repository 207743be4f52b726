"""Measuring partition by partition, on threads, in processes or on a cluster: the same answer to the byte."""
