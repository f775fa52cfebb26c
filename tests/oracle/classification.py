# SPDX-License-Identifier: Apache-2.0
"""The outcome for one organisation: what the server stores and shows of it."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .criteria import Fit
from .measures import Measures
from .qualification import Qualification
from .scoring import Scores


@dataclass(frozen=True)
class Classification:
    """Everything computed for one organisation; scores in hundredths, money in minor units."""
    id: str
    kind: str
    tier: str | None
    list: str
    scores: Scores | None
    measures: Measures
    momentum: Fraction
    annual_potential: int | None
    annual_potential_source: str | None
    could_become_key: bool
    seller: str | None
    seller_source: str | None
    fit: Fit
    qualification: Qualification | None
    over_cap: bool = False

    @property
    def engagement(self) -> int | None:
        return self.scores.engagement if self.scores else None

    @property
    def potential(self) -> int | None:
        return self.scores.potential if self.scores else None
