"""What was told, and which mails people do without."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Mails about what happened or waits."""

    DISPUTE_RAISED = "dispute_raised", _("somebody disputes what you answer for")
    DISPUTE_REMARK = "dispute_remark", _("something was said about a dispute")
    DISPUTE_DECIDED = "dispute_decided", _("what you disputed was decided")
    DISPUTE_DUE = "dispute_due", _("a dispute is to be answered by tomorrow")
    EXCLUSION_PROPOSED = "exclusion_proposed", _("an exclusion waits for you to decide")
    EXCLUSION_DECIDED = "exclusion_decided", _("an exclusion that you proposed was decided")
    CLAIM_MADE = "claim_made", _("a credit is claimed from you")
    CLAIM_ANSWERED = "claim_answered", _("an affiliate answered a claim")
    CLAIM_DUE = "claim_due", _("a claim can be made for a few days only")
    ACTION_LACKING = "action_lacking", _("a period cannot be closed without a corrective action")
    MEETING_CALLED = "meeting_called", _("a meeting was called or moved")
    MINUTES_WRITTEN = "minutes_written", _("the minutes of a meeting are there")
    AGREED_OVERDUE = "agreed_overdue", _("an agreed action of yours is overdue")
    DUTY_DUE = "duty_due", _("a duty is due in a week")
    DUTY_OVERDUE = "duty_overdue", _("a duty is overdue, and nobody said how it stands")
    CHANGE_PROPOSED = "change_proposed", _("a scope change waits for you to decide")
    CHANGE_DECIDED = "change_decided", _("a scope change that you proposed was decided")
    RUNNING_OUT = "running_out", _("an access, an insurance or a certification runs out in a month")


class Told(models.Model):
    """That something was told, by what it was about: nobody is told of it twice."""

    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class MailChoice(models.Model):
    """The kinds of mails that a person does without."""

    person = models.OneToOneField("access.Person", models.PROTECT, related_name="+")
    without = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.person)
