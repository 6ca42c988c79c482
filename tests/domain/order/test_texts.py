import pytest

from connector.domain.order.texts import clean


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Tom &amp; Jerry <b>mug</b>\nnew", "Tom & Jerry mug new"),
        ("Caf&#233; &amp;amp; bar", "Café & bar"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One two"),
        ('<span style="color: red">Red</span><br/>pen', "Red pen"),
        ("<!-- x --><script>alert(1)</script>Mug <style>p {}</style><label>blue</label>", "Mug blue"),
        ("<o:p>Word</o:p> <svg onload=x()>pen", "Word pen"),
        ("Mug&#0;&#xD800; \ufffe\uffffone", "Mug one"),
        ("5&nbsp;kg\tflour\r\n", "5 kg flour"),
        ("AT&T, R&D, a=1&copy=2", "AT&T, R&D, a=1&copy=2"),
        ("Cable <USB-C>, 3 < 5 > 4, I <3 you", "Cable <USB-C>, 3 < 5 > 4, I <3 you"),
        ("\u202eMug \u2066x\u2069\x00\x07", "Mug x"),
        ("S\u200bKU\ufeff-é", "SKU-é"),
        ("one\u2028two\ud800", "one two"),
        ("Zoë 🎉 👨\u200d👩\u200d👧 مرحبا", "Zoë 🎉 👨\u200d👩\u200d👧 مرحبا"),
        ("  spaced   out ", "spaced out"),
    ],
)
def test_a_text_of_the_store_becomes_one_clean_line(typed: str, expected: str) -> None:
    assert clean(typed) == expected
