"""Filled forms and what can happen to them, made at test time from our own templates; no file is committed."""
