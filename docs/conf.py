"""The documentation site: Sphinx over MyST Markdown, in Furo. Built by ``make docs``, warnings are errors."""

from daliz import __version__

project = "Daliz"
author = "the Daliz authors"
copyright = "2026, the Daliz authors"
version = release = __version__
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Daliz"
html_theme_options = {"source_view_link": "", "footer_icons": []}
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# The same source gives the same site: no time of building in it.
html_last_updated_fmt = None
