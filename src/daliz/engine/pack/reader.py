"""Texts in three languages, lists and mappings of a pack, read as what is wanted."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from daliz.engine.pack.document import Listing, Mapped, Node, Scalar
from daliz.engine.pack.problems import Problems
from daliz.engine.pack.values import Values
from daliz.language import LANGUAGES, N_, Text

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
"""What a code looks like: letters, digits, ``_ . -``; at most 64."""

BLANK = Text(en="", ru="", kk="")


@dataclass(slots=True)
class Entry(Values):
    """One mapping of a pack while it is read: single values, texts, lists and mappings within."""

    def close(self) -> None:
        """Note every key that nothing asked for."""
        for key, place in self.node.keys.items():
            if key not in self.asked:
                self.problems.unknown("pack-unknown-key", place, N_("key"), key, self.asked)

    def words(self, key: str) -> Text:
        """Return a text in the three languages."""
        node = self._node(key, optional=False)
        if node is None:
            return BLANK
        if not isinstance(node, Mapped):
            template = N_("{key} is wanted in three languages: en, ru and kk")
            self.problems.add("pack-text", node.place, template, key=key)
            return BLANK
        entry = Entry(node, self.problems)
        values = {lang: entry.text(lang).strip() for lang in LANGUAGES}
        for lang, value in values.items():
            if entry.has(lang) and not value:
                self.problems.add(
                    "pack-text", entry.place(lang), N_("the text in {lang} is empty"), lang=lang
                )
        entry.close()
        return Text(**values)

    def words_or_none(self, key: str) -> Text | None:
        """Return a text in the three languages, or None if the key is missing or null."""
        self.asked.add(key)
        return self.words(key) if self.has(key) else None

    def scalars(self, key: str, *, optional: bool = False) -> tuple[Scalar, ...]:
        """Return a list of single values."""
        found = []
        for node in self.items(key, optional=optional):
            if isinstance(node, Scalar) and not node.null:
                found.append(node)
            else:
                self.problems.add("pack-shape", node.place, N_("{key} holds single values"), key=key)
        return tuple(found)

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        texts: list[str] = []
        for found in self.scalars(key, optional=optional):
            if found.text in texts:
                self.problems.add(
                    "pack-repeated", found.place, N_("{found!r} stands twice"), found=found.text
                )
            texts.append(found.text)
        return tuple(dict.fromkeys(texts))

    def references(
        self, key: str, what: str, known: Collection[str], *, optional: bool = False
    ) -> tuple[str, ...]:
        """Return a list of codes, each of which must be one of ``known``; ``what`` names their kind."""
        for found in self.scalars(key, optional=optional):
            if found.text not in known:
                self.problems.unknown(_unknown(what), found.place, what, found.text, known)
        return self.texts(key, optional=optional)

    def reference(self, key: str, what: str, known: Collection[str], *, optional: bool = False) -> str:
        """Return a code that must be one of ``known``."""
        found = self.scalar(key, optional=optional)
        if found is None:
            return ""
        if found.text not in known:
            self.problems.unknown(_unknown(what), found.place, what, found.text, known)
        return found.text

    def items(self, key: str, *, optional: bool = False) -> tuple[Node, ...]:
        """Return the values of a list."""
        node = self._node(key, optional=optional)
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.problems.add("pack-shape", node.place, N_("{key} is a list"), key=key)
            return ()
        return node.items

    def entries(self, key: str, *, optional: bool = False) -> "Iterator[Entry]":
        """Return the mappings of a list."""
        for node in self.items(key, optional=optional):
            if isinstance(node, Mapped):
                yield Entry(node, self.problems)
            else:
                self.problems.add("pack-shape", node.place, N_("{key} is a list of mappings"), key=key)

    def entry(self, key: str, *, optional: bool = False) -> "Entry":
        """Return the mapping of ``key``; an empty one if it is missing."""
        node = self._node(key, optional=optional)
        if node is None:
            return Entry(Mapped(self.node.place, {}, {}), Problems())
        if not isinstance(node, Mapped):
            self.problems.add("pack-shape", node.place, N_("{key} is a mapping"), key=key)
            return Entry(Mapped(node.place, {}, {}), Problems())
        return Entry(node, self.problems)

    def coded(self, key: str, *, optional: bool = False) -> "Iterator[tuple[str, Entry]]":
        """Return the mappings of a mapping with their codes, each of which must look like a code."""
        outer = self.entry(key, optional=optional)
        for code, node in outer.node.entries.items():
            outer.asked.add(code)
            if not CODE.fullmatch(code):
                template = N_("{found!r} is not a code; use letters, digits, _ . -")
                self.problems.add("pack-code", outer.node.keys[code], template, found=code)
            if isinstance(node, Mapped):
                yield code, Entry(node, self.problems)
            else:
                self.problems.add("pack-shape", node.place, N_("{key} is a mapping"), key=code)

    def coded_words(self, key: str) -> dict[str, Text]:
        """Return a mapping of code to a text in the three languages."""
        outer = self.entry(key)
        return {code: outer.words(code) for code in outer.node.entries}


def _unknown(what: str) -> str:
    """Return the code of the problem that a name of this kind is not declared."""
    return f"pack-unknown-{what.replace(' ', '-')}"
