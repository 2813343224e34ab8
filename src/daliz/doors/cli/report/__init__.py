"""The report of an assessment: one HTML file for analysts and managers, made from the output folder alone."""

from daliz.doors.cli.report.manifest import FolderError, Manifest, read_manifest
from daliz.doors.cli.report.render import write_report
from daliz.doors.cli.report.tables import Tables

__all__ = ["FolderError", "Manifest", "Tables", "read_manifest", "write_report"]
