"""What the console and the portal stand on: layout, language, theme, who asks, forms, tables, exports."""
