"""Words and sentences that corpus.py puts together."""

NAMES = (
    "Anna Ben Clara Daniel Emma Felix Grace Henry Iris Jack Lily Max Nora Oscar Rosa Sam Tom "
    "Zoe Mia Leo"
).split()

SYLLABLES = (
    "ka lo mi ra ti ven dor sa lin bo ne ru fa gi mo pe zu ta el an or is"
).split()

ANIMALS = (
    "cat dog fox rabbit bear owl mouse frog duck horse lion turtle bird fish wolf squirrel"
).split()

ADJECTIVES = (
    "small brave clever happy gentle quiet curious kind tired lucky shy cheerful"
).split()

PLACES = (
    "forest garden river village mountain lake meadow market castle island beach farm"
).split()

OBJECTS = (
    "ball key lamp book map flower shell kite basket stone bell boat ribbon coin"
).split()

COLORS = (
    "red blue green yellow white black golden silver purple orange"
).split()

FEELINGS = (
    "happy proud surprised thankful excited calm"
).split()

WEATHER = [
    "The sun was shining",
    "It was a rainy day",
    "Snow covered the ground",
    "The wind was soft",
    "The sky was full of stars",
    "It was a warm morning",
]

CAPITALS = {
    "France": "Paris",
    "Italy": "Rome",
    "Spain": "Madrid",
    "Germany": "Berlin",
    "Portugal": "Lisbon",
    "Austria": "Vienna",
    "Greece": "Athens",
    "Poland": "Warsaw",
    "Norway": "Oslo",
    "Sweden": "Stockholm",
    "Finland": "Helsinki",
    "Denmark": "Copenhagen",
    "Ireland": "Dublin",
    "Hungary": "Budapest",
    "Japan": "Tokyo",
    "China": "Beijing",
    "India": "New Delhi",
    "Egypt": "Cairo",
    "Kenya": "Nairobi",
    "Canada": "Ottawa",
    "Mexico": "Mexico City",
    "Brazil": "Brasilia",
    "Peru": "Lima",
    "Chile": "Santiago",
    "Argentina": "Buenos Aires",
    "Australia": "Canberra",
    "Turkey": "Ankara",
    "Russia": "Moscow",
    "Thailand": "Bangkok",
    "Cuba": "Havana",
    "the United Kingdom": "London",
    "the United States": "Washington",
}

SOUNDS = {
    "cat": "meow",
    "dog": "woof",
    "cow": "moo",
    "duck": "quack",
    "sheep": "baa",
    "owl": "hoot",
    "frog": "ribbit",
    "lion": "roar",
    "mouse": "squeak",
    "horse": "neigh",
}

OPPOSITES = [
    ("hot", "cold"),
    ("big", "small"),
    ("fast", "slow"),
    ("happy", "sad"),
    ("up", "down"),
    ("day", "night"),
    ("open", "closed"),
    ("light", "dark"),
    ("old", "young"),
    ("rich", "poor"),
    ("loud", "quiet"),
    ("easy", "hard"),
    ("early", "late"),
    ("wet", "dry"),
    ("full", "empty"),
]

UNKNOWN_TOPICS = [
    "quantum physics",
    "the stock market",
    "my taxes",
    "a recipe for soup",
    "football results",
    "the law",
    "philosophy",
    "the news",
    "poetry in Latin",
    "medicine",
    "space travel",
    "python code",
    "chess openings",
    "the weather tomorrow",
    "music theory",
    "movies",
    "politics",
    "cars",
    "volcanoes",
    "dinosaurs",
]

# Questions about the mesh, and the one answer to all of a group.
MESH_ANSWERS = [
    (
        [
            "What is a peer?",
            "Tell me what a peer is.",
            "Explain peer.",
            "peer?",
        ],
        "A peer is one process of the mesh. It runs next to a GPU, announces the models it "
        "can serve, and forwards requests to other peers when they are a better fit.",
    ),
    (
        [
            "What is this mesh?",
            "What is the mesh?",
            "What is this project?",
            "Explain the mesh.",
        ],
        "The mesh is a group of peers that share their GPUs. You can send a request to any "
        "peer, and the mesh finds a good place to run it. There is no central server.",
    ),
    (
        [
            "How does routing work?",
            "How are requests routed?",
            "How do you choose a peer?",
        ],
        "Each peer keeps a small view of the others: which models they serve, how busy they "
        "are, and how far away they are. The router scores every candidate and picks the best "
        "one. If it fails, the next one is tried.",
    ),
    (
        [
            "What is an adapter?",
            "What is a runtime adapter?",
            "Explain adapters.",
        ],
        "An adapter connects the mesh to an inference server such as llama.cpp, vLLM or "
        "Ollama. It turns one common request into the form that server understands, and "
        "streams the tokens back.",
    ),
    (
        [
            "What happens when a peer fails?",
            "What if a node dies?",
            "Is the mesh fault tolerant?",
        ],
        "When a peer fails, its neighbours notice the missing heartbeats. They mark it as "
        "suspect, then as dead, and new requests go to other peers. A request that was "
        "running can be retried elsewhere.",
    ),
    (
        [
            "What is a workflow?",
            "What are workflows?",
            "Explain workflows.",
        ],
        "A workflow is a small graph of steps. Each step may call a model, a tool or another "
        "workflow, and its result is given to the next steps.",
    ),
    (
        [
            "What is Raft?",
            "Why do you use Raft?",
            "Explain Raft.",
        ],
        "Raft is a way for several machines to agree on one log of changes. The mesh uses it "
        "for the few facts that must never disagree, such as who owns a job.",
    ),
    (
        [
            "What is a token?",
            "What are tokens?",
            "Explain tokens.",
        ],
        "A token is a short piece of text. A language model reads tokens and writes one new "
        "token at a time.",
    ),
    (
        [
            "What is a GPU?",
            "Explain GPU.",
            "Why do I need a GPU?",
        ],
        "A GPU is a chip that does many small calculations at once. Language models run much "
        "faster on a GPU than on a normal processor.",
    ),
    (
        [
            "What is streaming?",
            "How does streaming work?",
        ],
        "Streaming means that each token is sent as soon as it is ready, so you can read the "
        "answer while it is still being written.",
    ),
    (
        [
            "What is the dashboard?",
            "What can I see in the dashboard?",
        ],
        "The dashboard shows the peers, their GPUs, the models they serve, and the requests "
        "that are running now.",
    ),
    (
        [
            "How do I join the mesh?",
            "How can I add a peer?",
            "How do I add my machine?",
        ],
        "Start a peer on your machine and give it the address of any running peer. It will "
        "learn about the others by itself in a few seconds.",
    ),
    (
        [
            "Who are you?",
            "What are you?",
            "What is your name?",
            "Are you a large model?",
            "Which model is this?",
        ],
        "I am a tiny demo model with only a few million weights. I was trained on made up "
        "text so that the mesh has something readable to run. Please connect a real model for "
        "real work.",
    ),
    (
        [
            "Hello",
            "Hello!",
            "Hi",
            "Hi there",
            "Hey",
            "Good morning",
            "Good evening",
        ],
        "Hello! I am the tiny demo model of the mesh. How can I help you?",
    ),
    (
        [
            "How are you?",
            "How are you doing?",
            "How do you feel?",
        ],
        "I am doing well, thank you. All of my weights are in place.",
    ),
    (
        [
            "Thank you",
            "Thanks",
            "Thanks a lot",
            "Thank you very much",
        ],
        "You are welcome! Ask me something else if you like.",
    ),
    (
        [
            "Bye",
            "Goodbye",
            "See you",
            "See you later",
        ],
        "Goodbye! See you on the mesh.",
    ),
    (
        [
            "What can you do?",
            "Help",
            "help me",
            "What do you know?",
        ],
        "I can tell short stories, add small numbers, name capital cities, explain words "
        "about the mesh, and fill in small JSON forms. I am very small, so please be kind.",
    ),
]
