"""Towns by size: the classes of population in which towns are compared."""

from __future__ import annotations

from collections.abc import Iterable

BOUNDS = (5_000, 10_000, 30_000, 50_000, 100_000, 200_000, 500_000)
"""Each begins a new class; below the first is class 0. Our own steps: finer where most towns are."""
CLASSES = range(len(BOUNDS) + 1)


def size_class(population: int) -> int:
    """Number of the class, 0 (smallest) to 7. ValueError for a negative population."""
    if population < 0:
        raise ValueError(f"{population} people")
    return sum(population >= bound for bound in BOUNDS)


def bounds_of(size: int) -> tuple[int, int | None]:
    """The least population of a class and the first that is too many; None: no limit. IndexError for no class."""
    if size not in CLASSES:
        raise IndexError(size)
    return (BOUNDS[size - 1] if size else 0), (BOUNDS[size] if size < len(BOUNDS) else None)


def classes_present(populations: Iterable[int]) -> list[int]:
    """Those in which there is a town, smallest first."""
    return sorted({size_class(one) for one in populations})
