"""Learns the toy model's vocabulary from `corpus.txt` and writes the corpus as token ids.

    python3 bpe.py

Byte-level byte-pair encoding as in GPT-2: text is cut into words by a pattern, a word starts as
its bytes, and the pair that is most frequent is merged, again and again. Digits are never merged,
so that sums are read digit by digit. Writes `vocabulary.json` and `ids.npy`.

Source: Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units",
ACL 2016, section 3.2; Radford et al., "Language Models are Unsupervised Multitask Learners", 2019,
section 2.2.
"""

import collections
import json
import re

import numpy

VOCABULARY_SIZE = 1024
SPECIAL_TOKENS = ["<|pad|>", "<|bos|>", "<|im_start|>", "<|im_end|>"]
MERGE_COUNT = VOCABULARY_SIZE - 256 - len(SPECIAL_TOKENS)

# Merges are learned from the beginning of the corpus, which is as good as all of it.
LEARNING_PARTS = 200_000

WORD = re.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+"
)
BOUNDARY = re.compile(r"(<\|im_start\|>|<\|im_end\|>|\x00)")
END_OF_DIALOGUE = "\0"


def byte_letters():
    """Byte -> the printable letter that stands for it."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    letters.update({byte: chr(256 + place) for place, byte in enumerate(others)})
    return letters


LETTERS = byte_letters()


def letters_of(word):
    return [LETTERS[byte] for byte in word.encode()]


def has_digit_edge(left, right):
    return left[-1].isdigit() or right[0].isdigit()


def count_words(parts):
    counts = collections.Counter()
    for part in parts:
        if part and not BOUNDARY.fullmatch(part):
            counts.update(WORD.findall(part))
    return [(letters_of(word), count) for word, count in counts.items()]


def merge(symbols, left, right):
    merged, place = [], 0
    while place < len(symbols):
        if symbols[place : place + 2] == [left, right]:
            merged.append(left + right)
            place += 2
        else:
            merged.append(symbols[place])
            place += 1
    return merged


def learn_merges(words):
    merges = []
    while len(merges) < MERGE_COUNT:
        pairs = collections.Counter()
        for symbols, count in words:
            for left, right in zip(symbols, symbols[1:]):
                if not has_digit_edge(left, right):
                    pairs[left, right] += count
        if not pairs:
            break
        (left, right), count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if count < 2:
            break
        merges.append((left, right))
        words = [
            (merge(symbols, left, right) if left in symbols else symbols, count)
            for symbols, count in words
        ]
    return merges


def all_tokens(merges):
    tokens = [LETTERS[byte] for byte in range(256)]
    tokens += [left + right for left, right in merges]
    while len(tokens) < VOCABULARY_SIZE - len(SPECIAL_TOKENS):
        tokens.append(f"<unused{len(tokens)}>")
    return tokens + SPECIAL_TOKENS


class Encoder:
    """Text to token ids, by the merges in the order in which they were learned."""

    def __init__(self, tokens, merges):
        self.ids = {token: place for place, token in enumerate(tokens)}
        self.ranks = {pair: place for place, pair in enumerate(merges)}
        self.known = {}

    def word(self, word):
        if word not in self.known:
            self.known[word] = [self.ids[symbol] for symbol in self.symbols(word)]
        return self.known[word]

    def symbols(self, word):
        symbols = letters_of(word)
        while len(symbols) > 1:
            ranks = [self.ranks.get(pair, len(self.ranks)) for pair in zip(symbols, symbols[1:])]
            best = min(ranks)
            if best == len(self.ranks):
                break
            place = ranks.index(best)
            symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]
        return symbols

    def corpus(self, parts):
        """All dialogues, each with the token that begins a text."""
        begin = self.ids["<|bos|>"]
        ids, dialogue = [], [begin]
        for part in parts:
            if part == END_OF_DIALOGUE:
                ids += dialogue
                dialogue = [begin]
            elif BOUNDARY.fullmatch(part):
                dialogue.append(self.ids[part])
            else:
                for word in WORD.findall(part):
                    dialogue += self.word(word)
        return ids


def main():
    with open("corpus.txt", encoding="utf-8") as corpus:
        parts = BOUNDARY.split(corpus.read())
    merges = learn_merges(count_words(parts[:LEARNING_PARTS]))
    tokens = all_tokens(merges)

    ids = Encoder(tokens, merges).corpus(parts)
    numpy.save("ids.npy", numpy.array(ids, dtype=numpy.uint16))
    vocabulary = {
        "tokens": tokens,
        "merges": [f"{left} {right}" for left, right in merges],
        "specialCount": len(SPECIAL_TOKENS),
    }
    with open("vocabulary.json", "w", encoding="utf-8") as file:
        json.dump(vocabulary, file)
    print(f"{len(merges)} merges, {len(ids)} tokens")


if __name__ == "__main__":
    main()
