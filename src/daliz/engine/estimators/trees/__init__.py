"""Boosted trees without the library that grew them: exported, kept in a file, scored and explained."""

from daliz.engine.estimators.trees.exported import Trees, TreesFileError
from daliz.engine.estimators.trees.forest import Forest
from daliz.engine.estimators.trees.lightgbm_text import ExportError, export

__all__ = ["ExportError", "Forest", "Trees", "TreesFileError", "export"]
