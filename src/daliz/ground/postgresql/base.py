"""The engine that settings name: Django's own, which looks at a kept connection before it asks over it."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept between requests."""

    def is_usable(self) -> bool:
        """Tell whether the connection still lives, as each request asks before its first statement.

        A server that ends, or ends this connection, closes it, and that can be read: where nothing can be
        read, nothing happened, and the round trip of a statement is spared. Where something can, a statement
        tells.
        """
        wire = self.connection
        if wire is None or wire.closed:
            return False
        poll = select.poll()
        poll.register(wire.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return True if not poll.poll(0) else super().is_usable()
