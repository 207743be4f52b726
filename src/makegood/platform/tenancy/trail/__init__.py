"""The trail: who did what when, also what was refused; nothing of it is ever changed."""
