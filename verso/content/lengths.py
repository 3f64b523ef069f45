"""How long a text is: its words, and the minutes that reading it takes."""

import re
from dataclasses import dataclass

from verso.content import markdown

# Adults read about 230 words of Latin script in a minute, and about 500 characters of Chinese or
# Japanese (Brysbaert 2019, J. Memory and Language 109; Trauzettel-Klosinski 2012, IOVS 53).
WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500

_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Length:
    """Words (characters where a script has none between spaces), and whole minutes, at least one."""

    words: int
    minutes: int


def length_of(body: str) -> Length:
    """The length of a Markdown text as it is read."""
    text = markdown.plain_text(body)
    characters = len(_CHARACTER.findall(text))
    words = len(_WORD.findall(_CHARACTER.sub(" ", text)))
    minutes = round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE)
    return Length(words + characters, max(1, minutes))
