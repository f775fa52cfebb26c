# SPDX-License-Identifier: Apache-2.0
"""Exact numbers and days: rounding, percentiles, decay tables, windows (domain.md §1). No facts here."""
from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Sequence

YEAR_DAYS = 365
HALF_DAYS = 182
ONE = 1 << 32  # the unit of decay sums: W_h[0]
FULL_SCORE = 10000  # hundredths of a point


def exact(number: int | float | str | Fraction) -> Fraction:
    """The decimal that was written, not its nearest double."""
    return number if isinstance(number, Fraction) else Fraction(str(number))


def round_away(value: Fraction) -> int:
    """Round half away from zero (§1 Exactness)."""
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def hundredths(points: int | float | str) -> int:
    """Points as a policy states them -> hundredths of a point."""
    return round_away(exact(points) * 100)


def unit(value: Fraction) -> Fraction:
    """Clamp to 0…1."""
    return min(Fraction(1), max(Fraction(0), value))


def age(day: date, today: date) -> int:
    """Days since `day`; negative when it has not come yet."""
    return (today - day).days


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """Element ceil(p n / 100) of the ascending list, counted from 1 (§1); None of nothing."""
    if not values:
        return None
    return sorted(values)[-(-percent * len(values) // 100) - 1]


@lru_cache(maxsize=None)
def decay_table(half_life: int) -> tuple[int, ...]:
    """W_h[a] = floor(2^32 × 0.5^(a/h) + 0.5) for a = 0…364, exactly (§1)."""
    return tuple(_decay_weight(half_life, days) for days in range(YEAR_DAYS))


def _decay_weight(half_life: int, days: int) -> int:
    """The largest m with m − ½ ≤ 2^(32 − a/h), that is (2m − 1)^h ≤ 2^(33h − a): integers all the way."""
    bound = 1 << (33 * half_life - days)
    low, high = 0, ONE
    while low < high:
        middle = (low + high + 1) // 2
        if (2 * middle - 1) ** half_life <= bound:
            low = middle
        else:
            high = middle - 1
    return low


def decay_sum(half_life: int, days: set[date], today: date) -> int:
    """Σ W_h over distinct days within 12 months, in units of 2^-32."""
    table = decay_table(half_life)
    return sum(table[age(day, today)] for day in days if 0 <= age(day, today) < YEAR_DAYS)
