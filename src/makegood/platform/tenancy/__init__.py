"""Who is who, who may see what, and who did what."""
