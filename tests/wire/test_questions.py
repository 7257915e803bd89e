"""Questions asked again inside a slot."""

import numpy as np

from otwatch.wire.questions import Questions


def again(questions: Questions, *asked: tuple[int, int, int, int]) -> list[bool]:
    """Rows of (row, slot, direction, question)."""
    return questions.again(*np.array(asked, dtype=np.int64).T).tolist()


def test_the_first_of_a_slot_waits_and_the_others_are_counted() -> None:
    assert again(Questions(), (0, 1, 4, 7), (1, 1, 4, 7), (2, 1, 5, 7), (3, 1, 4, 8), (4, 2, 4, 7)) == [False, True, False, False, False]


def test_batches_and_order_of_arrival_do_not_matter_but_rows_do() -> None:
    questions = Questions()
    assert again(questions, (9, 1, 4, 7), (2, 1, 4, 7)) == [True, False]
    assert again(questions, (0, 1, 4, 7)) == [True]


def test_what_is_no_question_is_never_repeated() -> None:
    assert again(Questions(), (0, 1, 4, -1), (1, 1, 4, -1)) == [False, False]


def test_new_numbers_are_new_questions() -> None:
    questions = Questions()
    again(questions, (0, 1, 4, 7))
    questions.forget()
    assert again(questions, (1, 1, 4, 7)) == [False]
