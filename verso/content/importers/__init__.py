"""Import of Markdown folders, as Zola, Hugo and Jekyll have them."""

from verso.content.importers.folder import import_folder
from verso.content.importers.report import Note, Report

__all__ = ["Note", "Report", "import_folder"]
