"""The add-in's server: pages, functions, macros and files for Excel, in an ASGI application of ours (entwurf 4.7)."""
