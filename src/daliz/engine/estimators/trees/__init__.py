"""Boosted trees without the library that grew them: exported, kept in a file, scored and explained."""

from daliz.engine.estimators.trees.contributions import Contributions
from daliz.engine.estimators.trees.exported import Trees, TreesFileError, averaged
from daliz.engine.estimators.trees.forest import Forest
from daliz.engine.estimators.trees.lightgbm_text import ExportError, export, reproducible
from daliz.engine.estimators.trees.link import Link, transformed

__all__ = [
    "Contributions",
    "ExportError",
    "Forest",
    "Link",
    "Trees",
    "TreesFileError",
    "averaged",
    "export",
    "reproducible",
    "transformed",
]
