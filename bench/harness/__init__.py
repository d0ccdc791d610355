"""The benchmark harness: cases x contestants -> measured cells -> JSON, Markdown, HTML. bench/README.md is the map."""
