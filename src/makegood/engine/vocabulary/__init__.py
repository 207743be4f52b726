"""The words every other room speaks in: amounts, ratios, instants, intervals, calendars, periods, findings, reasons."""
