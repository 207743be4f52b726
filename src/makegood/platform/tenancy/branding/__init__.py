"""How an organisation looks: its name, colours, logo and sender."""
