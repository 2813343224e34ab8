"""How a party hangs together with stopped ones: the shortest way through those they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import rustworkx as rx

from daliz.engine.estimators.party_pairs import Pairs, Register

Party = tuple[str, str]
"""Kind and identifier: ``("counterparty", "CN-003232")``."""


@dataclass(frozen=True, slots=True)
class RingGraph:
    """Traders and what links them; a link is the longer the more traders share it.

    Attributes:
        graph: parties as nodes; lengths of links as weights of edges.
        nodes: index of each party.
    """

    graph: "rx.PyGraph[Party, float]"
    nodes: Mapping[Party, int]

    @classmethod
    def of(cls, links: Mapping[str, Pairs], registers: Mapping[str, Register]) -> Self:
        """Draw the graph of all pairs."""
        graph: rx.PyGraph[Party, float] = rx.PyGraph(multigraph=False)
        nodes: dict[Party, int] = {}
        for kind in ("trader", *links):
            names = [(kind, name) for name in registers[kind].names()]
            nodes.update(zip(names, graph.add_nodes_from(names), strict=True))
        first = {
            kind: nodes[kind, registers[kind].names()[0]]
            for kind in ("trader", *links)
            if len(registers[kind])
        }
        for link, pairs in links.items():
            if not len(pairs):
                continue
            shared_by = np.bincount(pairs.right)
            length = np.log1p(shared_by)[pairs.right]
            traders, parties = pairs.left + first["trader"], pairs.right + first[link]
            ends = zip(traders.tolist(), parties.tolist(), length.tolist(), strict=True)
            graph.add_edges_from(list(ends))
        return cls(graph, nodes)

    def way(self, start: Party, stopped: list[Party]) -> list[Party]:
        """Return the parties on the shortest way to the nearest stopped one, both ends included.

        Hubs make a way long, so that a shared customs representative of hundreds is not called a link while
        there is a nearer one. Empty if there is no way or the party was never seen.
        """
        if start not in self.nodes:
            return []
        goals = [self.nodes[party] for party in stopped if party in self.nodes and party != start]
        ways = rx.dijkstra_shortest_path_lengths(self.graph, self.nodes[start], float)
        reached = [(ways[goal], goal) for goal in goals if goal in ways]
        if not reached:
            return []
        nearest = min(reached)[1]
        way = rx.dijkstra_shortest_paths(self.graph, self.nodes[start], target=nearest, weight_fn=float)[
            nearest
        ]
        return [self.graph[node] for node in way]
