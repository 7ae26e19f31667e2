<#
Richtet das Excel-Add-in «start.integration» für die angemeldete Person ein. Adminrechte braucht es nicht.

    powershell -ExecutionPolicy Bypass -File install.ps1 [-Pfad ORDNER] [-Python PYTHON.EXE] [-Ablage ORDNER] [-Raeder ORDNER]

-Pfad    Ordner für Python und krs; ohne Angabe %LOCALAPPDATA%\krs
-Python  ein installiertes Python ab 3.11; ohne Angabe das neuste, das «py» findet
-Ablage  die Ablage, die Funktionen und Knöpfe nehmen, wenn die offene Mappe in keiner liegt
-Raeder  Ordner mit den Paketen (*.whl); ohne Angabe «wheels» neben diesem Skript

Neben diesem Skript liegen krs.xlam und krs-desktop.lock («./run addin» schreibt beide nach dist) und der Ordner wheels.
Ein zweiter Aufruf richtet alles neu ein; uninstall.ps1 nimmt genau das weg, was dieses Skript hinlegt.
#>
[CmdletBinding()]
param(
    [string] $Pfad = (Join-Path -Path $env:LOCALAPPDATA -ChildPath 'krs'),
    [string] $Python = '',
    [string] $Ablage = '',
    [string] $Raeder = (Join-Path -Path $PSScriptRoot -ChildPath 'wheels')
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Von hier liest das Add-in, wo Python steht (GetSetting in KrsEinstellung.bas); sonst liest es nichts.
$Schluessel = 'HKCU:\Software\VB and VBA Program Settings\krs'

function Schritt {
    # Führt einen Schritt aus; scheitert er, steht ein Satz da und das Skript endet.
    param([string] $Satz, [scriptblock] $Tun)
    try {
        & $Tun
    }
    catch {
        Write-Host $Satz -ForegroundColor Red
        Write-Host ('Einzelheiten: ' + $_.Exception.Message)
        exit 1
    }
}

function Rufe {
    # Ruft ein Programm und wirft, wenn es scheitert; was es sagt, wird nicht zum Fehler.
    param([string] $Programm, [string[]] $Argumente)
    $vorher = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try {
        $ausgabe = & $Programm @Argumente 2>&1 | ForEach-Object { "$_" }
        $ergebnis = $LASTEXITCODE
    }
    finally {
        $ErrorActionPreference = $vorher
    }
    if ($ergebnis -ne 0) {
        throw (($ausgabe | Select-Object -Last 3) -join ' ')
    }
    return ($ausgabe -join "`n").Trim()
}

function Lies-Version {
    # Die Version von krs, mit der das Add-in gebaut wurde; sie steht in seinem Titel.
    param([string] $Datei)
    Add-Type -AssemblyName 'System.IO.Compression.FileSystem'
    $archiv = [System.IO.Compression.ZipFile]::OpenRead($Datei)
    try {
        $leser = New-Object -TypeName System.IO.StreamReader -ArgumentList ($archiv.GetEntry('docProps/core.xml').Open())
        try { $text = $leser.ReadToEnd() } finally { $leser.Dispose() }
    }
    finally {
        $archiv.Dispose()
    }
    $treffer = [regex]::Match($text, '\(krs ([0-9][0-9A-Za-z.]*)\)')
    if (-not $treffer.Success) { throw 'krs.xlam nennt seine Version nicht.' }
    return $treffer.Groups[1].Value
}

$xlam = Join-Path -Path $PSScriptRoot -ChildPath 'krs.xlam'
$sperre = Join-Path -Path $PSScriptRoot -ChildPath 'krs-desktop.lock'
$umgebung = Join-Path -Path $Pfad -ChildPath 'venv'
$interpreter = Join-Path -Path $umgebung -ChildPath 'Scripts\python.exe'
$start = Join-Path -Path $env:APPDATA -ChildPath 'Microsoft\Excel\XLSTART'

Schritt 'Neben install.ps1 fehlen krs.xlam, krs-desktop.lock oder der Ordner mit den Paketen; kopieren Sie den ganzen Ordner.' {
    foreach ($teil in @($xlam, $sperre, $Raeder)) {
        if (-not (Test-Path -LiteralPath $teil)) { throw "Es fehlt $teil" }
    }
}

Schritt 'Excel ist offen; schliessen Sie alle Fenster von Excel und starten Sie install.ps1 nochmals.' {
    # Auf einem Terminalserver sind die Fenster der anderen nicht gemeint.
    $sitzung = (Get-Process -Id $PID).SessionId
    if (Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -eq $sitzung }) {
        throw 'EXCEL.EXE läuft.'
    }
}

Schritt 'Der Pfad ist nicht brauchbar; nennen Sie mit -Pfad einen Ordner auf einem Laufwerk, zum Beispiel C:\krs.' {
    # So verlangt es auch das Add-in (KrsEinstellung.bas).
    if ($Pfad -notmatch '^[A-Za-z]:\\' -or $Pfad.Contains('"') -or $Pfad.Contains('$(')) { throw $Pfad }
}

Schritt 'krs ist schon an einem anderen Ort eingerichtet; entfernen Sie es zuerst mit uninstall.ps1.' {
    $vorhanden = Get-ItemProperty -Path "$Schluessel\Python" -ErrorAction SilentlyContinue
    if ($null -ne $vorhanden -and $null -ne $vorhanden.PSObject.Properties['Umgebung'] -and $vorhanden.Umgebung -ne $umgebung) {
        throw $vorhanden.Umgebung
    }
}

Schritt 'Es fehlt ein Python ab Version 3.11; installieren Sie es oder nennen Sie es mit -Python.' {
    if ($Python -eq '') {
        $script:Python = Rufe 'py' @('-3', '-c', 'import sys; print(sys.executable)')
    }
    Rufe $script:Python @('-c', 'import sys; sys.exit(sys.version_info < (3, 11))') | Out-Null
}

Schritt 'Die Umgebung für Python liess sich nicht anlegen; prüfen Sie Schreibrecht und Platz.' {
    if (Test-Path -LiteralPath $umgebung) {
        if (-not (Test-Path -LiteralPath (Join-Path -Path $umgebung -ChildPath 'pyvenv.cfg'))) {
            throw "$umgebung ist keine Umgebung von Python."
        }
        Remove-Item -LiteralPath $umgebung -Recurse -Force
    }
    New-Item -ItemType Directory -Path $Pfad -Force | Out-Null
    Rufe $script:Python @('-m', 'venv', $umgebung) | Out-Null
}

Schritt 'Die Pakete liessen sich nicht einrichten; der Ordner mit den Paketen ist unvollständig oder verändert.' {
    $pip = @('-I', '-m', 'pip', '--disable-pip-version-check', '--no-input', 'install', '--no-index', '--find-links', $Raeder)
    # Die Sperrdatei ist vollständig; ein altes pip suchte sonst selbst nach Zusätzen.
    Rufe $interpreter ($pip + @('--require-hashes', '--no-deps', '-r', $sperre)) | Out-Null
    $krs = @(Get-ChildItem -LiteralPath $Raeder -Filter 'krs-*.whl')
    if ($krs.Count -ne 1) { throw 'Es braucht genau ein Paket krs-*.whl.' }
    Rufe $interpreter ($pip + @('--no-deps', $krs[0].FullName)) | Out-Null
    Rufe $interpreter @('-I', '-m', 'pip', '--disable-pip-version-check', 'check') | Out-Null
}

Schritt 'Add-in und krs haben verschiedene Versionen; holen Sie beide aus derselben Lieferung.' {
    $soll = Lies-Version $xlam
    $ist = Rufe $interpreter @('-I', '-B', '-c', 'import krs, krs.excel.udf, krs.excel.desktop, xlwings; print(krs.__version__)')
    if ($soll -ne $ist) { throw "Add-in $soll, krs $ist" }
}

Schritt 'Das Add-in liess sich nicht in den Startordner von Excel legen.' {
    New-Item -ItemType Directory -Path $start -Force | Out-Null
    $ziel = Join-Path -Path $start -ChildPath 'krs.xlam'
    Copy-Item -LiteralPath $xlam -Destination $ziel -Force
    # Was aus dem Netz kam, sperrt Excel sonst.
    Unblock-File -LiteralPath $ziel
}

Schritt 'Die Einstellungen liessen sich nicht schreiben.' {
    if (-not (Test-Path -LiteralPath "$Schluessel\Python")) { New-Item -Path "$Schluessel\Python" -Force | Out-Null }
    New-ItemProperty -Path "$Schluessel\Python" -Name 'Interpreter' -Value $interpreter -PropertyType String -Force | Out-Null
    New-ItemProperty -Path "$Schluessel\Python" -Name 'Umgebung' -Value $umgebung -PropertyType String -Force | Out-Null
    if ($Ablage -ne '') {
        [Environment]::SetEnvironmentVariable('KRS_ABLAGE', $Ablage, 'User')
        New-ItemProperty -Path "$Schluessel\Python" -Name 'Ablage' -Value $Ablage -PropertyType String -Force | Out-Null
    }
}

Write-Host 'Das Add-in ist eingerichtet. Öffnen Sie Excel: Das Register start.integration ist da.' -ForegroundColor Green
