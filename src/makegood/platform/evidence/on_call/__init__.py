"""Who can be reached at any hour: rotas, leave, and pages that somebody has to acknowledge."""
