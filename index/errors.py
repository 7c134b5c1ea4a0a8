"""Every error this project raises on purpose.

    ArticleQAError
    ├── LoadError                a file that cannot become an article; the reason is its message
    ├── QuestionError            a question that cannot be searched (empty, too long)
    ├── ModelError               model weights missing, altered, or not loadable
    ├── HistoryError             kept conversations that cannot be read or written
    └── CollectionError
        ├── NotFoundError        no collection, or no such article in it
        ├── LockedError          another process is writing
        ├── FormatError          written by a newer version of this program
        ├── EmbedderError        made with another embedder than the one now in use
        └── DamageError          a checksum does not match; the data cannot be trusted

Messages say what, where and what to do next; they are shown to users as they are.
"""


class ArticleQAError(Exception):
    """Root of every error raised on purpose."""


class LoadError(ArticleQAError):
    """A file that cannot become an article."""


class QuestionError(ArticleQAError):
    """A question that cannot be searched."""


class ModelError(ArticleQAError):
    """A model that is missing, altered or not loadable."""


class HistoryError(ArticleQAError):
    """Kept conversations that cannot be read or written."""


class CollectionError(ArticleQAError):
    """Something about a collection on disk."""


class NotFoundError(CollectionError):
    """No collection at this place, or no such article in it."""


class LockedError(CollectionError):
    """Another process is writing to this collection."""


class FormatError(CollectionError):
    """The collection was written by a newer version of this program."""


class EmbedderError(CollectionError):
    """The collection was made with another embedder."""


class DamageError(CollectionError):
    """Stored data whose checksum does not match."""
