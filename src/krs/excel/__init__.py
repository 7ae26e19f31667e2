"""Excel as a host: functions, macros and the server, thin (entwurf 3, 4.6, 4.7). Nothing here computes anything."""
