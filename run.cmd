@echo off
rem Finds a Python and hands over to scripts\run.py, which does the work on every system.
rem KRS_PYTHON names the interpreter to take instead of searching for one.
rem ASCII only: cmd reads this file in the console's code page.
setlocal
set "KRS_FOUND="
set "KRS_AUFRUF=run krs"
if defined KRS_PYTHON goto named

for %%P in ("py -3.13" "py -3.12" "py -3.11" "py -3.14" "python3" "python") do call :try %%~P
if defined KRS_FOUND goto start
echo Kein Python ab Version 3.11 gefunden. Installieren Sie Python 3.11 oder neuer und starten Sie run erneut. 1>&2
exit /b 2

:named
call :try "%KRS_PYTHON%"
if defined KRS_FOUND goto start
echo KRS_PYTHON zeigt auf "%KRS_PYTHON%"; das ist kein Python ab Version 3.11. 1>&2
exit /b 2

:start
%KRS_FOUND% "%~dp0scripts\run.py" %*
exit /b %ERRORLEVEL%

rem A version check, not only a look-up: Windows has a python.exe that only opens its shop.
:try
if defined KRS_FOUND exit /b 0
%* -c "import sys; sys.exit(sys.version_info < (3, 11))" <nul >nul 2>nul
if %ERRORLEVEL% EQU 0 set "KRS_FOUND=%*"
exit /b 0
