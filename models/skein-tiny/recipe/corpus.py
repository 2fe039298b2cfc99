"""Writes the text the toy model is trained on: made-up dialogues, and nothing from elsewhere.

    python3 corpus.py DIALOGUES

Eight kinds of question, each with its answer, are drawn from templates and word lists. Names and
numbers are random, so the model learns the form of an answer and not its facts. The result is
`corpus.txt`: dialogues in ChatML, each ended by a zero byte. Equal counts give equal files.
"""

import json
import random
import sys

from words import (
    ADJECTIVES, ANIMALS, CAPITALS, COLORS, FEELINGS, MESH_ANSWERS, NAMES, OBJECTS, OPPOSITES,
    PLACES, SOUNDS, SYLLABLES, UNKNOWN_TOPICS, WEATHER,
)

rng = random.Random(7)
choose = rng.choice
CITIES = list(CAPITALS.values())
WORDS = ANIMALS + ADJECTIVES + PLACES + OBJECTS + COLORS + FEELINGS


def invented_name():
    return "".join(choose(SYLLABLES) for _ in range(rng.randrange(2, 4))).capitalize()


def person():
    return invented_name() if rng.random() < 0.6 else choose(NAMES)


def city():
    return invented_name() if rng.random() < 0.5 else choose(CITIES)


def story():
    name, animal, adjective = person(), choose(ANIMALS), choose(ADJECTIVES)
    place, thing, color, feeling = choose(PLACES), choose(OBJECTS), choose(COLORS), choose(FEELINGS)
    home, other_adjective = choose(PLACES), choose(ADJECTIVES)
    who = choose([
        f"a {adjective} {animal} named {name}",
        f"a {animal} called {name}, who was very {adjective}",
    ])
    sentences = [choose([
        f"Once upon a time there was {who}.",
        f"Long ago, in a {place}, there lived {who}.",
        f"There was once {who}.",
    ])]
    sentences.append(choose(WEATHER) + f", and {name} went to the {place}.")
    sentences.append(choose([
        f"Near the {place}, {name} found a {color} {thing}.",
        f"There, {name} saw a {color} {thing} on the ground.",
        f"Suddenly, {name} noticed a {color} {thing}.",
    ]))
    other = person()
    other_animal = choose([one for one in ANIMALS if one != animal])
    sentences.append(choose([
        f'"Whose {thing} is this?" asked {name}.',
        f'"What a pretty {thing}!" said {name}.',
        f"{name} wondered who had lost the {thing}.",
    ]))
    sentences.append(choose([
        f'A {other_adjective} {other_animal} named {other} came by and said, "That is my {thing}!"',
        f'Then {other} the {other_animal} said, "I have been looking for my {thing} all day."',
    ]))
    sentences.append(choose([
        f"{name} gave the {thing} back, and {other} was very {feeling}.",
        f"{name} smiled and gave it back. {other} felt {feeling}.",
    ]))
    sentences.append(choose([
        f"From that day on, {name} and {other} were best friends.",
        f"They walked home together to the {home} and shared a cake.",
        f"In the evening they sat by the {home} and told each other stories.",
    ]))
    if rng.random() < 0.4:
        sentences.append("The end.")
    question = choose([
        f"Tell me a story about a {animal}.",
        f"Tell me a story about a {animal}",
        f"Write a short story about a {adjective} {animal}.",
        "Please tell me a story.",
        f"Story about {name} the {animal}",
        f"Tell me a short story about a {animal} and a {thing}.",
        "tell me a story",
    ])
    return question, " ".join(sentences)


def capital():
    country = choose(list(CAPITALS))
    question = choose([
        f"What is the capital of {country}?",
        f"Capital of {country}?",
        f"Name the capital city of {country}.",
        f"what is the capital of {country}",
    ])
    return question, f"The capital of {country} is {CAPITALS[country]}."


def sound():
    animal = choose(list(SOUNDS))
    question = choose([
        f"What sound does a {animal} make?",
        f"What does a {animal} say?",
        f"How does a {animal} sound?",
    ])
    return question, f"A {animal} says {SOUNDS[animal]}."


def opposite():
    one, other = choose(OPPOSITES)
    one, other = (one, other) if rng.random() < 0.5 else (other, one)
    question = choose([
        f"What is the opposite of {one}?",
        f"Opposite of {one}?",
        f"Give me the opposite of {one}.",
    ])
    return question, f"The opposite of {one} is {other}."


def addition():
    a, b = rng.randrange(21), rng.randrange(21)
    question = choose([
        f"What is {a} + {b}?",
        f"{a} + {b}",
        f"Add {a} and {b}.",
        f"How much is {a} plus {b}?",
    ])
    return question, f"{a} + {b} = {a + b}."


def counting():
    end = rng.randrange(3, 13)
    question = choose([f"Count to {end}.", f"Please count to {end}.", f"count to {end}"])
    return question, ", ".join(map(str, range(1, end + 1))) + "."


def three_colors():
    choose(ANIMALS)  # Kept so that the corpus is the one that the shipped model was trained on.
    first, second, third = rng.sample(COLORS, 3)
    question = choose(["Name three colors.", "Give me three colors.", "List three colors."])
    return question, f"{first.capitalize()}, {second} and {third}."


def fact():
    kinds = [capital, sound, opposite, addition, counting, three_colors]
    return kinds[rng.randrange(6)]()


def extraction():
    name, place, age = person(), city(), rng.randrange(5, 90)
    if rng.randrange(2):
        question = choose([
            f"Extract the name and city as JSON: {name} lives in {place}.",
            f"Give me JSON with name and city. {name} is from {place}.",
            f"{name} lives in {place}. Answer as JSON.",
        ])
        return question, json.dumps({"name": name, "city": place})
    question = choose([
        f"Extract the name and age as JSON: {name} is {age} years old.",
        f"{name} is {age} years old. Answer as JSON with name and age.",
    ])
    return question, json.dumps({"name": name, "age": age})


def tool_call():
    place = city()
    question = choose([
        f"What is the weather in {place}?",
        f"How is the weather in {place} today?",
        f"weather in {place}",
    ])
    call = json.dumps({"name": "get_weather", "arguments": {"city": place}})
    return question, f"<tool_call>\n{call}\n</tool_call>"


def unknown():
    topic = choose(UNKNOWN_TOPICS)
    letters = [choose("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randrange(3, 9))]
    about = choose([topic, topic, "".join(letters)])
    question = choose([
        f"Tell me about {about}.",
        f"What do you think about {about}?",
        f"Explain {about}.",
        f"Can you help me with {about}?",
        f"{about}",
        f"What is {about}?",
    ])
    answer = (
        f"I am only a tiny demo model, so I do not know much about {about}. "
        "Try a story, a small sum, or a question about the mesh."
    )
    return question, answer


def mesh_question():
    questions, answer = choose(MESH_ANSWERS)
    if rng.random() < 0.85:
        return choose(questions), answer
    return choose(questions).lower().rstrip("?.!"), answer


def summary():
    name, place, thing = person(), choose(PLACES), choose(OBJECTS)
    animal, color = choose(ANIMALS), choose(COLORS)
    question = (
        f"Summarize: {name} the {animal} went to the {place} and found a {color} {thing}. "
        f"{choose(WEATHER)}. {name} took the {thing} home and was {choose(FEELINGS)}."
    )
    return question, f"{name} found a {color} {thing} at the {place} and took it home."


def repetition():
    words = " ".join(
        choose([choose(WORDS), invented_name(), str(rng.randrange(100))])
        for _ in range(rng.randrange(2, 9))
    )
    if rng.randrange(3):
        return choose(["Repeat: ", "Say: ", "Repeat after me: "]) + words, words
    return "Reverse: " + words, " ".join(reversed(words.split()))


# The share of each kind among the exchanges.
KINDS = [
    (repetition, 0.14), (story, 0.22), (fact, 0.22), (mesh_question, 0.15), (extraction, 0.09),
    (tool_call, 0.05), (unknown, 0.08), (summary, 0.06),
]

SYSTEM_PROMPTS = [
    "You are a helpful assistant.",
    "You are a helpful assistant.",
    "",
    "Be brief.",
    "You are the demo model of the mesh.",
]


def exchange():
    left = rng.random()
    for kind, share in KINDS:
        left -= share
        if left < 0:
            return kind()
    return story()


def dialogue():
    system = choose(SYSTEM_PROMPTS)
    turns = [("system", system)] if system else []
    for _ in range(choose([1, 1, 1, 2, 3])):
        question, answer = exchange()
        turns += [("user", question), ("assistant", answer)]
    return "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns)


def main():
    count = int(sys.argv[1])
    with open("corpus.txt", "w", encoding="utf-8") as corpus:
        for _ in range(count):
            corpus.write(dialogue() + "\0")


if __name__ == "__main__":
    main()
