"""How a server is set up: by options of `krs serve` or by variables of the environment, with the same names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from krs.mappen.lesen.schranke import MB

# Excel on the web frames the task pane; Excel for Windows and Mac do not frame it.
RAHMEN = (
    "https://*.officeapps.live.com https://*.office.com https://*.cloud.microsoft https://*.microsoft365.com "
    "https://*.sharepoint.com"
)
_ADRESSE = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?/?")
_ANMELDUNG = (
    "Ausserhalb dieses Computers braucht der Server eine Anmeldung: eine Token-Datei (--tokens DATEI, gemacht mit "
    "«krs token») oder Entra ID (--entra-tenant und --entra-client)."
)


@dataclass(frozen=True, slots=True)
class Einstellungen:
    """All settings of the server; the variable of `ablage` is KRS_ABLAGE, and so on.

    Args:
        ablage: the working folder; None: nothing is kept.
        host: the address to listen on.
        port: the port to listen on.
        tokens: the file with the tokens, their persons and roles.
        entra_tenant: the canton's tenant of Entra ID.
        entra_client: the client id of the add-in there.
        adresse: what people reach the server by, without a path; needed behind a proxy.
        arbeiter: how many processes answer.
        proxy: addresses of proxies whose X-Forwarded-For is believed, with commas.
        rahmen: who may frame the task pane.
        zertifikat: certificate for HTTPS without a proxy.
        schluessel: its key.
        gleichzeitig: macros and intakes at one time in each process; others wait.
        megabyte: the largest request with files.
        dateien: how many files one request may bring.
        sekunden: how long a request may take to arrive.
    """

    ablage: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    tokens: Path | None = None
    entra_tenant: str = ""
    entra_client: str = ""
    adresse: str = ""
    arbeiter: int = 1
    proxy: str = ""
    rahmen: str = RAHMEN
    zertifikat: Path | None = None
    schluessel: Path | None = None
    gleichzeitig: int = 2
    megabyte: int = 100
    dateien: int = 500
    sekunden: int = 60

    @property
    def anmeldung(self) -> str:
        """How people sign on: «keine», «token» or «entra»."""
        if self.entra_tenant:
            return "entra"
        return "token" if self.tokens else "keine"

    @property
    def ort(self) -> str:
        """What people reach the server by, without a slash at the end."""
        if self.adresse:
            return self.adresse.rstrip("/")
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.zertifikat else 'http'}://{'localhost' if name == '127.0.0.1' else name}:{self.port}"

    @property
    def bytes(self) -> int:
        """The largest request with files, in bytes."""
        return self.megabyte * MB

    def pruefen(self) -> None:
        """Check the settings together. Raises: ValueError: one German sentence."""
        if bool(self.entra_tenant) != bool(self.entra_client):
            raise ValueError("Für Entra ID braucht es beides: --entra-tenant und --entra-client.")
        if self.entra_tenant and self.tokens:
            raise ValueError("Nennen Sie entweder --tokens oder --entra-tenant, nicht beides.")
        if self.entra_tenant.lower() in ("common", "organizations", "consumers"):
            raise ValueError("Nennen Sie bei --entra-tenant den Mandanten des Kantons, nicht einen gemeinsamen.")
        if bool(self.zertifikat) != bool(self.schluessel):
            raise ValueError("Für HTTPS braucht es beides: --zertifikat und --schluessel.")
        _pruefe_adresse(self.adresse)
        if self.anmeldung == "keine" and not (ist_lokal(self.host) and ist_lokal(_name(self.adresse) or "localhost")):
            raise ValueError(_ANMELDUNG)
        for feld in ("arbeiter", "gleichzeitig", "megabyte", "dateien", "sekunden"):
            if getattr(self, feld) < 1:
                raise ValueError(f"Die Einstellung KRS_{feld.upper()} muss mindestens 1 sein.")

    def als_umgebung(self) -> dict[str, str]:
        """Return the variables that make the same settings in another process."""
        werte = {f.name: getattr(self, f.name) for f in fields(self)}
        return {variable(name): str(wert) for name, wert in werte.items() if wert is not None}


def variable(name: str) -> str:
    """Return the variable of a setting."""
    return f"KRS_{name.upper()}"


def aus_umgebung(umgebung: Mapping[str, str]) -> Einstellungen:
    """Return the settings that the environment names. Raises: ValueError: a number is none."""
    werte: dict[str, object] = {}
    for feld in fields(Einstellungen):
        text = umgebung.get(variable(feld.name), "")
        if not text:
            continue
        if isinstance(feld.default, int):
            if not text.isdecimal():
                raise ValueError(f"{variable(feld.name)} ist «{text}»; schreiben Sie eine ganze Zahl.")
            werte[feld.name] = int(text)
        else:
            werte[feld.name] = Path(text) if feld.default is None else text
    return Einstellungen(**werte)  # type: ignore[arg-type] # the types follow from the defaults


def ist_lokal(host: str) -> bool:
    """Tell whether only this computer is reached by that name.

    >>> [ist_lokal(h) for h in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "krs.so.ch", "")]
    [True, True, True, False, False, False]
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name(adresse: str) -> str:
    return urlsplit(adresse).hostname or ""


def _pruefe_adresse(adresse: str) -> None:
    if adresse and not _ADRESSE.fullmatch(adresse):
        raise ValueError(f"«{adresse}» ist keine Adresse. Schreiben Sie sie wie https://krs.so.ch, ohne Pfad.")
    if adresse.startswith("http:") and not ist_lokal(_name(adresse)):
        raise ValueError("Office verlangt HTTPS. Schreiben Sie die Adresse mit https://.")
