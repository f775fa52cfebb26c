# SPDX-License-Identifier: Apache-2.0
"""The book that is measured, as CSV files: the same for the same size. load.lua repeats what is said of an account here."""
from __future__ import annotations

import datetime
import random
from pathlib import Path

FIRST_ID = 1_000_000
ENTRIES_PER_ACCOUNT = 5
INDUSTRIES = ("agriculture", "chemicals", "construction", "education", "energy", "finance", "health", "logistics",
              "manufacturing", "retail", "software", "tourism")
REGIONS = ("North", "East", "South", "West")
LINES = ("Pumps", "Filters", "Service", "Parts")
PAST_DAYS = 700


def write_accounts(path: Path, accounts: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("id,name,industry,region,employees,client_since\n")
        out.writelines(f"{FIRST_ID + n},Account {n},{INDUSTRIES[n % 12]},{REGIONS[n % 4]},{20 + n * 7919 % 3000},2020-{n % 11 + 1:02}-01\n"
                       for n in range(accounts))


def write_revenue(path: Path, accounts: int, entries: int, series: str, factor: float = 1.0) -> None:
    """Entries in the order of time, as an accounting program would give them; every seventh account has none."""
    chance = random.Random(f"{series} {accounts}")
    today = datetime.datetime.now(datetime.timezone.utc).date()
    days = [(today - datetime.timedelta(days=ago)).isoformat() for ago in range(PAST_DAYS)]
    with path.open("w", encoding="utf-8") as out:
        out.write("id,organisation,amount,on,line\n")
        for n in range(entries):
            account = int(chance.random() * accounts)
            account -= account % 7 == 6
            amount = factor * chance.lognormvariate(7, 1.2)
            day = days[PAST_DAYS - 1 - n * PAST_DAYS // entries]
            out.write(f"{series}{n},{FIRST_ID + account},{amount:.2f},{day},{LINES[n * 31 % 4]}\n")
