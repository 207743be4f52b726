"""What is done to cases."""

from __future__ import annotations

from makegood.platform.evidence.service_desk.mail.files import File
from makegood.platform.evidence.service_desk.mail.imap import Server
from makegood.platform.evidence.service_desk.operations.asking import give_opinion, send_opinions
from makegood.platform.evidence.service_desk.operations.instructing import keep_instruction
from makegood.platform.evidence.service_desk.operations.mails.deciding import accept_mail, discard_mail
from makegood.platform.evidence.service_desk.operations.mails.fetching import fetch_mailbox, fetch_soon
from makegood.platform.evidence.service_desk.operations.mails.mailboxes import (
    change_mailbox,
    end_mailbox,
    make_mailbox,
    rotate_mailbox,
    seal_mailboxes_anew,
)
from makegood.platform.evidence.service_desk.operations.mails.taking import take_mail
from makegood.platform.evidence.service_desk.operations.moving import (
    close_for_customer,
    confirm,
    move_case,
    reject,
    reopen,
    resolve,
    respond,
    take_step,
    withdraw,
)
from makegood.platform.evidence.service_desk.operations.opening import Intake, open_case, refer_case
from makegood.platform.evidence.service_desk.operations.owning import may_own, transfer
from makegood.platform.evidence.service_desk.operations.queueing import renew_places, set_stakes
from makegood.platform.evidence.service_desk.operations.reclassifying import reclassify
from makegood.platform.evidence.service_desk.operations.sending import send_steps
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe
from makegood.platform.evidence.service_desk.operations.sorting import find_cause, make_major, prioritise, relate
from makegood.platform.evidence.service_desk.operations.sweeping import close_all_unanswered, escalate
from makegood.platform.evidence.service_desk.operations.talking import write_message
from makegood.platform.evidence.service_desk.operations.work.alarming import Reached
from makegood.platform.evidence.service_desk.operations.work.announcing import (
    announce_incident,
    plan_communication,
    remind_of_announcements,
)
from makegood.platform.evidence.service_desk.operations.work.knowing import end_article, keep_article
from makegood.platform.evidence.service_desk.operations.work.paging_for import end_alarm, make_alarm
from makegood.platform.evidence.service_desk.operations.work.permitting import (
    ask_permission,
    decide_permission,
    hand_back,
)
from makegood.platform.evidence.service_desk.operations.work.templates import (
    Recurrence,
    end_case_template,
    keep_template,
    open_from_template,
    open_recurring,
    tick,
)
from makegood.platform.evidence.service_desk.operations.work.timing import enter_time, take_back_time

__all__ = [
    "File",
    "Intake",
    "Reached",
    "Recurrence",
    "Server",
    "UnableToServe",
    "accept_mail",
    "announce_incident",
    "ask_permission",
    "change_mailbox",
    "close_all_unanswered",
    "close_for_customer",
    "confirm",
    "decide_permission",
    "discard_mail",
    "end_alarm",
    "end_article",
    "end_case_template",
    "end_mailbox",
    "enter_time",
    "escalate",
    "fetch_mailbox",
    "fetch_soon",
    "find_cause",
    "give_opinion",
    "hand_back",
    "keep_article",
    "keep_instruction",
    "keep_template",
    "make_alarm",
    "make_mailbox",
    "make_major",
    "may_own",
    "move_case",
    "open_case",
    "open_from_template",
    "open_recurring",
    "plan_communication",
    "prioritise",
    "reclassify",
    "refer_case",
    "reject",
    "relate",
    "remind_of_announcements",
    "renew_places",
    "reopen",
    "resolve",
    "respond",
    "rotate_mailbox",
    "seal_mailboxes_anew",
    "send_opinions",
    "send_steps",
    "set_stakes",
    "take_back_time",
    "take_mail",
    "take_step",
    "tick",
    "transfer",
    "withdraw",
    "write_message",
]
