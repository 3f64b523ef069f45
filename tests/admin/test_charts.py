"""Charts: a bar for each number."""

from verso.admin.charts import spark, stacked


def test_a_sparkline_has_a_bar_for_each_number_above_zero() -> None:
    assert spark([0, 10, 0, 1]) == "M6 20v-20M14 20v-2"
    assert spark([0, 0]) == spark([]) == ""


def test_a_stacked_bar_is_full_and_hides_nothing() -> None:
    assert stacked([1, 0, 1]) == ["M0 0h50v8h-50z", "", "M50 0h50v8h-50z"]
    assert stacked([9999, 1]) == ["M0 0h99v8h-99z", "M99 0h1v8h-1z"]
    assert stacked([5]) == ["M0 0h100v8h-100z"]
    assert stacked([0, 0]) == ["", ""]
