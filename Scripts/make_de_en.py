"""Writes Sources/CDatasets/Files/de-en.tsv: German-English sentences and phrases from the Ding dictionary.

The dictionary is the one of TU Chemnitz (Frank Richter, GPL-2 or later, https://dict.tu-chemnitz.de/) as packaged in
Debian's trans-de-en. The result follows from the dictionary's bytes alone:

    python3 Scripts/make_de_en.py /usr/share/trans/de-en > Sources/CDatasets/Files/de-en.tsv

One line of the dictionary is `German :: English`; both sides have the same number of parts, split by `|`, and part i of one
side translates part i of the other: the head words first, then inflections, phrases and example sentences. Within a part `;`
separates synonyms. Of every pair of parts at most one pair of synonyms is kept: the first position at which both sides are
acceptable where the sides have equally many, else the first acceptable one of each side.

Cleaned away: {grammar}, [field or region], (explanations and optional words), <variants>, /abbreviations/ and ~references.
Abbreviations of the dictionary's own are written out (jdm., etw., sb., sth.). A synonym is acceptable when 4 to 20 tokens with at
least 4 words remain, in letters, digits and punctuation that are common in the text: one with a slash (a choice of words
within the phrase), an ellipsis, "etc." or another abbreviation with a full stop, or a rare character is not. A pair marked as vulgar
or pejorative is left out, and one of which only one side ends as a sentence.

The tokens are those of Sources/Training/Data/WordSplitter.swift, in lower case and separated by single spaces. Every line
differs from all others on both sides, so that no sentence of a held-out part has a twin in the training part.
"""
import re
import sys
import unicodedata

LEAST_WORDS = 4
MOST_TOKENS = 20
CHARACTERS = set("abcdefghijklmnopqrstuvwxyzäöüß0123456789 .,:?!'\"-%")

SEPARATORS = [",", ":", "-", "%", "'", ".", "!", "?"]

WRITTEN_OUT = [
    # German: the dictionary's marks for an object, whose case the ending tells.
    (r"\b[Jj]dn\.", "jemanden"), (r"\b[Jj]dm\.", "jemandem"), (r"\bjds\.", "jemandes"), (r"\b[Jj]d\.", "jemand"),
    (r"\b[Ee]tw\.", "etwas"), (r"\bz\. ?B\.", "zum Beispiel"), (r"\bd\. ?h\.", "das heißt"), (r"\bbzw\.", "beziehungsweise"),
    (r"\bu\. ?a\.", "unter anderem"), (r"\bca\.", "circa"),
    # English
    (r"\bsb\.", "somebody"), (r"\bsth\.", "something"), (r"\bsb\b", "somebody"), (r"\bsth\b", "something"),
    (r"\be\. ?g\.", "for example"), (r"\bi\. ?e\.", "that is"),
]
WRITTEN_OUT = [(re.compile(pattern), words) for pattern, words in WRITTEN_OUT]

PLAIN = str.maketrans({
    "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'", "–": "-", "—": "-",
    "‑": "-", "\u00a0": " ",
})
# A full stop after what ends no sentence: one letter, a token without a vowel, or an abbreviation of the dictionary.
ABBREVIATED = re.compile(r"\b([a-zäöüß]|[b-df-hj-np-tv-xzß]{2,5}|etc|usw|jmd|tel|mio|mrd|esp|bes|evtl|ggf|inkl|zzgl|abk) \.|"
                         r"\bno \. \d|\b(etc|usw|st|sth|sb|jdn|jdm|jds|etw)\b|% (-|ig)")
UNWANTED = re.compile(r"\[[^\]]*(vulg|pej)[^\]]*\]")
INNERMOST = re.compile(r"\{[^{}\[\]()<>]*\}|\[[^{}\[\]()<>]*\]|\([^{}\[\]()<>]*\)|<[^{}\[\]()<>]*>")
ABBREVIATION = re.compile(r"(^|\s)/[^/\s]([^/]{0,18}[^/\s])?/(?=$|[\s;.,!?])")
REFERENCE = re.compile(r"(^|\s)~\S+")


def without_annotations(text):
    """The text without anything in brackets, nested ones from the inside; None where brackets do not match."""
    while True:
        shorter = INNERMOST.sub("", text)
        if shorter == text:
            break
        text = shorter
    if any(c in "{}[]()<>" for c in text):
        return None
    text = ABBREVIATION.sub(r"\1", text)
    return REFERENCE.sub(r"\1", text)


def is_word_character(c):
    return c != "" and unicodedata.category(c)[0] in "LMN"


def is_digit(c):
    return c != "" and unicodedata.category(c)[0] == "N"


def tokens(text):
    """Words, and every other character by itself; see WordSplitter.swift."""
    text = unicodedata.normalize("NFC", text).translate(PLAIN).lower()
    result, word = [], ""
    for i, c in enumerate(text):
        before, after = text[i - 1:i], text[i + 1:i + 2]
        inside = before and (
            c == "-" and is_word_character(before)
            or c == "'" and is_word_character(before) and is_word_character(after)
            or c in ".,:" and is_digit(before) and is_digit(after))
        if is_word_character(c) or inside:
            word += c
            continue
        if word:
            result.append(word)
            word = ""
        if not c.isspace():
            result.append(c)
    return result + [word] if word else result


def cleaned(synonym):
    """The tokens of one synonym as text, or None where it is not acceptable."""
    if len(synonym.split()) < LEAST_WORDS:
        return None
    for pattern, words in WRITTEN_OUT:
        synonym = pattern.sub(words, synonym)
    found = tokens(synonym)
    # Single quotation marks as double ones; an odd number of them holds an apostrophe behind a plural.
    if found.count("'") % 2 == 0:
        found = ['"' if token == "'" else token for token in found]
    if found[-2:] in (["!", "."], ["?", "."], [".", "."]):
        found.pop()
    text = " ".join(found)
    words = sum(any(c.isalpha() for c in token) for token in found)
    if words < LEAST_WORDS or len(found) > MOST_TOKENS or not set(text) <= CHARACTERS:
        return None
    if ABBREVIATED.search(text) or found.count('"') % 2 or found[0] in SEPARATORS or found[-1] in SEPARATORS[:-3]:
        return None
    return text


def is_sentence(text):
    return text.endswith((".", "!", "?", '. "', '! "', '? "'))


def pair_of(german, english):
    if UNWANTED.search(german) or UNWANTED.search(english):
        return None
    sides = []
    for part in (german, english):
        part = without_annotations(part)
        if part is None:
            return None
        sides.append([cleaned(synonym) for synonym in part.split(";")])
    left, right = sides
    if len(left) == len(right):
        both = [pair for pair in zip(left, right) if None not in pair]
        return both[0] if both else None
    left, right = [next((text for text in side if text), None) for side in sides]
    return (left, right) if left and right else None


def main():
    seen = set(), set()
    with open(sys.argv[1], encoding="utf-8") as dictionary:
        for line in dictionary:
            if line.startswith("#") or line.count("::") != 1:
                continue
            german, english = (side.split("|") for side in line.split("::"))
            if len(german) != len(english):
                continue
            for pair in map(pair_of, german, english):
                if not pair or pair[0] == pair[1] or is_sentence(pair[0]) != is_sentence(pair[1]):
                    continue
                if pair[0] not in seen[0] and pair[1] not in seen[1]:
                    for text, known in zip(pair, seen):
                        known.add(text)
                    print("\t".join(pair))


main()
