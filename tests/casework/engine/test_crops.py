"""Writing told from a copier's dirt."""

import numpy as np
import pytest

from machi.casework.engine.crops import dirt, lines
from machi.casework.engine.types import Box

PER_MM = 7.9
WHOLE = Box(0, 0, 1, 1)


def paper() -> np.ndarray:
    return np.zeros((100, 600), np.float32)


def found(page: np.ndarray) -> list[tuple[int, int]]:
    """First and last column of each line."""
    nothing = np.zeros(page.shape, np.uint8)
    return [
        (round(line.box.left * 600), round(line.box.right * 600))
        for line in lines(page, page, nothing, WHOLE, PER_MM)
    ]


def written(page: np.ndarray, left: int = 100, right: int = 160) -> np.ndarray:
    page[40:65, left:right:3] = 1
    return page


def blot(page: np.ndarray, row: int, column: int, side: int = 9) -> np.ndarray:
    page[row : row + side, column : column + side] = 1
    return page


def test_a_round_blot_by_itself_is_no_writing() -> None:
    assert found(blot(paper(), 40, 300)) == []
    ((_, right),) = found(blot(written(paper()), 45, 300))
    assert right < 200
    assert len(found(blot(written(paper()), 5, 300))) == 1


@pytest.mark.parametrize(("wide", "high"), [(20, 2), (3, 17)])
def test_a_stroke_by_itself_is_writing(wide: int, high: int) -> None:
    page = paper()
    page[40 : 40 + high, 300 : 300 + wide] = 1
    assert len(found(page)) == 1


def test_a_piece_of_a_broken_letter_stays_beside_and_between_whole_ones() -> None:
    ((_, beside),) = found(blot(written(paper()), 50, 166))
    ((_, without),) = found(written(paper()))
    assert beside >= without + 8
    both = written(blot(written(paper()), 50, 185), 210, 260)
    ((_, right),) = found(both)
    assert right > 255


def test_dirt_is_told_in_square_millimetres() -> None:
    assert dirt(paper(), WHOLE, PER_MM) == 0
    page = paper()
    page[10:89, 10:89] = 1
    assert dirt(page, WHOLE, PER_MM) == pytest.approx(100, rel=0.06)
    assert dirt(page, Box(0.5, 0, 1, 1), PER_MM) == 0
