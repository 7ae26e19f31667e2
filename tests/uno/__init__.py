"""LibreOffice over UNO: arbeiter.py runs on the system's Python, buero.py talks to it from the tests."""
