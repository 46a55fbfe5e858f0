"""The scales of a passport: how much it describes, and how a claim is known. Pure."""

from enum import StrEnum


class Granularity(StrEnum):
    """How much one passport describes: one door, a batch of beams, the resurfacing of a road."""

    ITEM = "item"
    BATCH = "batch"
    WORK = "work"


class EvidenceLevel(StrEnum):
    """How a claim is known, from weak to strong."""

    UNKNOWN = "unknown"
    DECLARED = "declared"
    MEASURED = "measured"
    TESTED = "tested"
    CERTIFIED = "certified"
