<#
Nimmt das Excel-Add-in «start.integration» der angemeldeten Person weg: genau das, was install.ps1 hingelegt hat.
Ablagen, Mappen und das installierte Python bleiben, wie sie sind.

    powershell -ExecutionPolicy Bypass -File uninstall.ps1
#>
[CmdletBinding()]
param()

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$Schluessel = 'HKCU:\Software\VB and VBA Program Settings\krs'
$xlam = Join-Path -Path $env:APPDATA -ChildPath 'Microsoft\Excel\XLSTART\krs.xlam'

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

function Lies-Einstellung {
    param([string] $Name)
    $eintrag = Get-ItemProperty -Path "$Schluessel\Python" -ErrorAction SilentlyContinue
    if ($null -eq $eintrag -or $null -eq $eintrag.PSObject.Properties[$Name]) { return '' }
    return [string] $eintrag.PSObject.Properties[$Name].Value
}

Schritt 'Excel ist offen; schliessen Sie alle Fenster von Excel und starten Sie uninstall.ps1 nochmals.' {
    # Auf einem Terminalserver sind die Fenster der anderen nicht gemeint.
    $sitzung = (Get-Process -Id $PID).SessionId
    if (Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -eq $sitzung }) {
        throw 'EXCEL.EXE läuft.'
    }
}

Schritt 'Das Add-in liess sich nicht aus dem Startordner von Excel nehmen.' {
    if (Test-Path -LiteralPath $xlam) { Remove-Item -LiteralPath $xlam -Force }
}

Schritt 'Die Umgebung von Python liess sich nicht löschen; schliessen Sie, was sie noch braucht.' {
    $umgebung = Lies-Einstellung 'Umgebung'
    # Nur was install.ps1 angelegt hat: eine Umgebung von Python namens venv.
    if ($umgebung -ne '' -and (Split-Path -Path $umgebung -Leaf) -eq 'venv' -and
        (Test-Path -LiteralPath (Join-Path -Path $umgebung -ChildPath 'pyvenv.cfg'))) {
        Remove-Item -LiteralPath $umgebung -Recurse -Force
        $ordner = Split-Path -Path $umgebung -Parent
        if (-not (Get-ChildItem -LiteralPath $ordner -Force)) { Remove-Item -LiteralPath $ordner -Force }
    }
}

Schritt 'Die Einstellungen liessen sich nicht löschen.' {
    $ablage = Lies-Einstellung 'Ablage'
    # Hat seither jemand eine andere Ablage eingetragen, so bleibt sie.
    if ($ablage -ne '' -and [Environment]::GetEnvironmentVariable('KRS_ABLAGE', 'User') -eq $ablage) {
        [Environment]::SetEnvironmentVariable('KRS_ABLAGE', $null, 'User')
    }
    if (Test-Path -LiteralPath $Schluessel) { Remove-Item -LiteralPath $Schluessel -Recurse -Force }
}

Write-Host 'Das Add-in ist entfernt. Ablagen und Mappen sind unverändert.' -ForegroundColor Green
