"""What is measured, runnable by anyone: `./run bench`. Results are ratios within one run, never bare seconds."""
