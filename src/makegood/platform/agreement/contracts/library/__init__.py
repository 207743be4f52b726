"""What agreements begin with: templates, and forms over their texts."""
