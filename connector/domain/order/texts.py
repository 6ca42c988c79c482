"""Texts as people and their programs type them into a store, made fit for one line of an invoice."""

import html
import re
import unicodedata

# What shop systems put into names. Anything else in angle brackets is text: `Cable <USB-C>`.
_BREAKS = "article|aside|blockquote|br|dd|div|dl|dt|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|td|th|tr|ul"
_TAGS = (
    f"{_BREAKS}|a|abbr|b|big|body|button|center|code|del|em|embed|figure|font|form|head|html|i|iframe|img|input|ins|"
    r"label|link|mark|meta|object|path|s|script|small|span|strike|strong|style|sub|sup|svg|tbody|thead|tt|u|video|\w+:\w+"
)
_BREAK = re.compile(rf"</?(?:{_BREAKS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
# What nobody is meant to read.
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
# Marks that turn the direction of writing, spaces without a width, and what is no character in Unicode. Joiners stay:
# emoji and Persian need them.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text on one line: without markup, control characters and marks that are not seen.

    Entities become their characters: `Tom &amp; Jerry <b>mug</b>` is `Tom & Jerry mug`.
    """
    if "&" in text:
        text = _with_characters(_with_characters(text))  # an import may have escaped it once more
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", _HIDDEN.sub(" ", text)))
    if not text.isascii() or not text.isprintable():
        text = "".join(" " if _is_control(each) else each for each in _UNSEEN.sub("", text))
    return " ".join(text.split())


def _with_characters(text: str) -> str:
    # A number that is no character, such as that of NUL, becomes the mark for that.
    return _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\ufffd", ""), text)


def _is_control(character: str) -> bool:
    """Whether it is a control character, half of a surrogate pair, or a line's or a paragraph's end."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
