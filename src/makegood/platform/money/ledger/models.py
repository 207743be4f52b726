"""Accounts, entries and postings."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

BUDGET_MINUTES: Final = "error-budget minutes"
"""The unit of what may go wrong."""


class Kind(models.TextChoices):
    """What an account keeps of a contract."""

    DUE_TO_CUSTOMER = "DUE_TO_CUSTOMER", _("due to the customer")
    CREDITS = "CREDITS", _("service credits")
    EARNED_BACK = "EARNED_BACK", _("earned back")
    BONUSES = "BONUSES", _("bonuses")
    REFUNDS = "REFUNDS", _("refunds")
    CLAIMS = "CLAIMS", _("claims on affiliates")
    BUDGET_ALLOWED = "BUDGET_ALLOWED", _("error budget allowed")
    BUDGET_SPENT = "BUDGET_SPENT", _("error budget spent")
    BUDGET_LEFT = "BUDGET_LEFT", _("error budget left")
    OTHER = "OTHER", _("other")


class Account(models.Model):
    """One side of postings of a contract, in one unit: a currency, or minutes of a sort."""

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    unit = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contract", "kind", "unit"], name="a_contract_has_an_account_once"),
        )
        triggers = (pgtrigger.Protect(name="keep_accounts", operation=pgtrigger.Update | pgtrigger.Delete),)


class Entry(models.Model):
    """Postings that belong together and add up to nothing in each unit; they are booked in an open period."""

    period = models.ForeignKey("periods.Period", models.PROTECT, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    text = models.TextField()
    cause = models.JSONField(default=dict)
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (
            pgtrigger.Protect(name="keep_entries", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="book_in_open_periods",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF (SELECT state FROM periods_period WHERE id = NEW.period_id) <> 'OPEN' THEN
                        RAISE EXCEPTION 'nothing is booked in a closed period' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )


class Posting(models.Model):
    """An amount on an account, in minor units or minutes; positive is a debit."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        triggers = (
            pgtrigger.Protect(name="keep_postings", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="post_in_balance",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
                        WHERE p.entry_id = NEW.entry_id GROUP BY a.unit HAVING sum(p.amount) <> 0
                    ) THEN
                        RAISE EXCEPTION 'the postings of an entry add up to nothing' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        )
