"""Circles of organisations that trust each other."""


def trust_each_other(one_id: int, other_id: int) -> bool:
    """Tell whether both are in the same circle."""
    return False
