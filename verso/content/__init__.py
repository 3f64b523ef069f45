"""Content: documents and their URLs, Markdown, search, import and export."""
