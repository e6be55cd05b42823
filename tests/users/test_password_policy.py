import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zxcvbn import feedback
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from mockserver.users import password_policy
from mockserver.users.password_policy import DISGUISES, SUGGESTIONS, readable, violations


def codes(password, *, minimum_length=10, minimum_score=3):
    errors = violations(password, minimum_length=minimum_length, minimum_score=minimum_score)
    return [error["code"] for error in errors]


@pytest.mark.parametrize("password", ["secure-password", "new-secure-password", "correct horse battery staple"])
def test_strong_password_is_accepted(password):
    assert codes(password) == []


@pytest.mark.parametrize("password", ["password12", "aaaaaaaaaaaa", "qwertyuiop", "1234567890", "P@ssw0rd123"])
def test_weak_password_is_refused(password):
    assert codes(password) == ["password_too_weak"]


def test_short_password_names_the_minimum_length():
    assert violations("kX9#vqL2", minimum_length=10, minimum_score=0) == [
        {
            "code": "password_too_short",
            "minimum_length": 10,
            "message": "Password must be 10 or more characters.",
        }
    ]


def test_weak_password_gets_the_suggestions_of_production():
    assert violations("password12", minimum_length=10, minimum_score=3) == [
        {
            "code": "password_too_weak",
            "suggestions": ["Add more words that are less common."],
            "message": "Password is too easy to guess.",
        }
    ]


def test_password_that_is_short_and_weak_breaks_both_rules():
    assert codes("123") == ["password_too_short", "password_too_weak"]


def test_empty_password_breaks_both_rules():
    assert codes("") == ["password_too_short", "password_too_weak"]


def test_policy_that_is_off_accepts_anything():
    assert codes("", minimum_length=0, minimum_score=0) == []


def test_length_is_inclusive():
    assert codes("0123456789", minimum_length=10, minimum_score=0) == []


def test_password_below_the_highest_score_gets_a_suggestion():
    (error,) = violations("secure-password", minimum_length=10, minimum_score=4)
    assert error["suggestions"] == ["Add more words that are less common."]


@pytest.mark.fault("A4b")
@given(st.text(st.sampled_from([*DISGUISES, "a", "~"]), max_size=72))
@example("a" * 32 + "4@8({[<369!1|0$5+7%2" * 2)
@example("{[1|+7" * 12)
def test_disguised_letters_are_read_in_few_ways(password):
    readings = enumerate_l33t_subs(relevant_l33t_subtable(readable(password), L33T_TABLE))
    assert len(readings) <= 32


def test_every_disguise_of_zxcvbn_is_known():
    assert {disguise for disguises in L33T_TABLE.values() for disguise in disguises} == DISGUISES


@pytest.mark.parametrize("password", ["P@ssw0rd!", "p4$$w0rd1!", "{[1|+7", "correct horse battery staple"])
def test_password_with_six_disguises_is_read_as_it_is(password):
    assert readable(password) == password


@pytest.mark.fault("A4b")
@pytest.mark.parametrize(
    ("password", "verdict"),
    [
        ("a" * 100_000, ["password_too_weak"]),
        ("secure-password" * 10_000, []),
        ("4@8({[<369&#!1|7$5z2" * 500, []),
        ("a" * 32 + "4@8({[<369!1|0$5+7%2" * 2, []),
    ],
)
def test_very_long_password_is_judged_by_its_beginning(password, verdict):
    assert codes(password) == verdict


@pytest.mark.fault("E4")
def test_verdict_on_a_password_is_remembered_among_few():
    codes("once and never again 71")
    asked = password_policy.judged.cache_info()
    assert codes("once and never again 71") == []
    told = password_policy.judged.cache_info()
    assert (told.misses, told.hits) == (asked.misses, asked.hits + 1)
    assert told.maxsize == 256


def test_strength_after_a_weak_beginning_counts():
    assert codes("a" * 40 + "quibblewort zanthe") == []


@given(st.text(max_size=100))
def test_any_text_can_be_judged(password):
    assert set(codes(password)) <= {"password_too_short", "password_too_weak"}


def test_every_translated_suggestion_is_one_of_zxcvbn():
    functions = [feedback.get_feedback, feedback.get_match_feedback, feedback.get_dictionary_match_feedback]
    assert set(SUGGESTIONS) <= {text for function in functions for text in texts(function.__code__.co_consts)}


def texts(constant):
    if isinstance(constant, tuple):
        return [text for part in constant for text in texts(part)]
    return [constant]
