"""How all our workbooks look: styles, fonts, tables."""
