"""The web chat: what `app.py` lays out and wires together.

    types        what the chat needs of an assistant and a collection, and one exchange
    reading      the characters of an article around a quote, as paragraphs
    evidence     an answer's citations (or nearest passages) and whole articles -> HTML
    transcript   the conversation so far -> HTML
    shelf        what the page says about the collection, and which questions to suggest
    session      what happens when someone asks, clicks a citation, opens an article
    theme        colours and fonts for Gradio's own parts
    security     which requests are let in, and the headers that go out
    page         the page Gradio serves, with our style sheet and its content security policy
    server       all of it as one web application on a socket
    importing    Gradio, imported quickly

Article text reaches HTML only through the templates of `markup`, which escape everything.
"""
