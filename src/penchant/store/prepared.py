"""Statements that are asked with every list: put into words once, not each time."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

__all__ = ["Prepared"]


class Prepared:
    """A statement whose words are kept for each kind of database.

    What SQLAlchemy does for one execution takes ten times as long as the rows of a key.  Values go
    to the driver as they are, and rows come back as the driver has them, to be taken apart by the
    order of their columns.

    Args:
        line: With a `bindparam` for each value.
    """

    def __init__(self, line: sa.ClauseElement) -> None:
        self._line: Final = line
        self._words: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def on(self, connection: sa.Connection, **values: Any) -> list[Any]:  # noqa: ANN401  the driver's
        """Return the rows for *values*, in the transaction that *connection* has begun."""
        name = connection.dialect.name
        if name not in self._words:
            made = self._line.compile(dialect=connection.dialect)
            own = dict(made.params)  # SQLite's LIMIT brings an OFFSET of its own
            self._words[name] = str(made), getattr(made, "positiontup", None), own
        text, order, own = self._words[name]
        given = own | values
        placed = given if order is None else tuple(given[one] for one in order)
        if name != "sqlite":
            return list(connection.exec_driver_sql(text, placed))
        driver: Any = connection.dialect.dbapi  # it is given such a module
        try:
            return list(connection.connection.cursor().execute(text, placed))
        except driver.Error as error:
            raise sa.exc.DBAPIError.instance(text, placed, error, driver.Error) from error
