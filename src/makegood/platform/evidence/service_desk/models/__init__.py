"""Cases with their steps, clocks and owners; what is said about them, and the mails; work on them."""

from __future__ import annotations

from makegood.platform.evidence.service_desk.models.alarms import Alarm, Announcement, CommunicationPlan
from makegood.platform.evidence.service_desk.models.cases import (
    SOURCE,
    Case,
    Cause,
    Channel,
    Clock,
    Coverage,
    Escalation,
    HeldFor,
    Level,
    Reclassification,
    State,
    Step,
    Transfer,
    Unsent,
)
from makegood.platform.evidence.service_desk.models.known import Article, Opinion
from makegood.platform.evidence.service_desk.models.mail import Mail, Mailbox, Security, Signing
from makegood.platform.evidence.service_desk.models.plans import CaseTemplate, ChecklistItem, FromTemplate
from makegood.platform.evidence.service_desk.models.queue import Instruction, QueuePlace, Stake
from makegood.platform.evidence.service_desk.models.said import Attachment, Message, UnsentUpdate, Update
from makegood.platform.evidence.service_desk.models.work import (
    Permission,
    TimeEntry,
)

__all__ = [
    "SOURCE",
    "Alarm",
    "Announcement",
    "Article",
    "Attachment",
    "Case",
    "CaseTemplate",
    "Cause",
    "Channel",
    "ChecklistItem",
    "Clock",
    "CommunicationPlan",
    "Coverage",
    "Escalation",
    "FromTemplate",
    "HeldFor",
    "Instruction",
    "Level",
    "Mail",
    "Mailbox",
    "Message",
    "Opinion",
    "Permission",
    "QueuePlace",
    "Reclassification",
    "Security",
    "Signing",
    "Stake",
    "State",
    "Step",
    "TimeEntry",
    "Transfer",
    "Unsent",
    "UnsentUpdate",
    "Update",
]
