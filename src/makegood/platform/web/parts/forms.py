"""How forms look."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms of Tabler's look, with their findings beside the fields."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
