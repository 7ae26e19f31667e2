"""Sign-on: the token file, its makers, failed attempts, and Entra ID with keys of our own."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Iterator
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from excel.server.hilfe import HEUTE, Server, anfrage, laufend, roh, tokendatei_anlegen
from krs.excel.anfrage import Person, Rolle
from krs.excel.server import entra, tokendatei
from krs.excel.server.anmeldung import Anmeldung, Bremse, inhaber
from krs.excel.server.app import anwendung
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.entra import Entra
from krs.excel.server.projekt import projektordner

BEIDE = frozenset(Rolle)


@pytest.fixture
def datei(tmp_path: Path) -> Path:
    """A place for a token file."""
    return tmp_path / "tokens.toml"


@pytest.fixture
def server(datei: Path) -> Iterator[Server]:
    """A server with a token file that a test may change."""
    tokens = tokendatei_anlegen(datei)
    with laufend(Einstellungen(tokens=datei), tokens) as s:
        yield s


def wer(server: Server, token: str, *kopf: str) -> tuple[int, str]:
    """Ask who somebody is."""
    antwort = roh(server.port, anfrage("GET", "/krs/ich", b"", f"Authorization: Bearer {token}", *kopf))
    return antwort.status, antwort.text


# --- the token file -------------------------------------------------------------------------------
def test_ein_gueltiges_token_nennt_visum_und_rollen(server: Server) -> None:
    assert wer(server, server.tokens["AB"]) == (200, '{"visum":"AB","rollen":["Erfassung","Freigabe"]}')
    assert wer(server, server.tokens["EF"]) == (200, '{"visum":"EF","rollen":["Erfassung"]}')


def test_ein_widerrufenes_token_gilt_sofort_nicht_mehr(server: Server, datei: Path) -> None:
    assert wer(server, server.tokens["EF"])[0] == 200
    assert tokendatei.widerrufen(datei, "ef") == "Eva Frei"
    assert wer(server, server.tokens["EF"])[0] == 401
    assert wer(server, server.tokens["AB"])[0] == 200


def test_ist_die_token_datei_kaputt_oder_weg_kommt_niemand_herein(server: Server, datei: Path) -> None:
    gut = datei.read_bytes()
    gestoert = (401, '{"fehler":"Die Anmeldung ist zurzeit gestört. Melden Sie es der Informatik."}')
    for schlecht in (b"[[person", b"", gut + gut):
        datei.write_bytes(schlecht)
        assert wer(server, server.tokens["AB"]) == gestoert
    datei.unlink()
    assert wer(server, server.tokens["AB"]) == gestoert
    datei.write_bytes(gut)
    assert wer(server, server.tokens["AB"])[0] == 200


def test_kommt_die_alte_token_datei_zurueck_gilt_sie_wieder(datei: Path) -> None:
    tokens, weg = tokendatei_anlegen(datei), datei.with_name("weg")
    assert inhaber(datei, tokens["AB"], HEUTE) is not None
    datei.rename(weg)
    datei.write_text("[[person", "utf-8")
    with pytest.raises(ValueError, match="beschädigt"):
        inhaber(datei, tokens["AB"], HEUTE)
    weg.replace(datei)  # the same file with the same time
    assert inhaber(datei, tokens["AB"], HEUTE) == Person("Anna Bauer", "AB", BEIDE)


def test_nach_zehn_fehlversuchen_wird_gebremst_auch_unter_vorgetaeuschter_adresse(server: Server) -> None:
    for nummer in range(10):
        assert wer(server, f"falsch{nummer}", f"X-Forwarded-For: 10.0.0.{nummer}")[0] == 401
    antwort = roh(server.port, anfrage("GET", "/krs/ich", b"", "Authorization: Bearer x", "X-Forwarded-For: 10.9.9.9"))
    assert (antwort.status, antwort.kopf["retry-after"], antwort.satz) == (
        429, "60", "Zu viele Anmeldungen sind gescheitert. Versuchen Sie es in einer Minute erneut.",
    )  # fmt: skip
    assert wer(server, server.tokens["AB"])[0] == 200  # somebody else's failures lock nobody out


def test_die_bremse_vergisst_nach_einer_minute_und_haelt_nicht_beliebig_viele_adressen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jetzt = [0.0]
    bremse = Bremse(lambda: jetzt[0])
    assert [bremse.gebremst("a", fehlversuch=True) for _ in range(11)] == [False] * 10 + [True]
    assert (bremse.gebremst("a", fehlversuch=False), bremse.gebremst("b", fehlversuch=False)) == (True, False)
    jetzt[0] = 60
    assert not bremse.gebremst("a", fehlversuch=False)
    monkeypatch.setattr("krs.excel.server.anmeldung._ADRESSEN", 2)
    for adresse in ("b", "c"):
        for _ in range(10):
            bremse.gebremst(adresse, fehlversuch=True)
    assert not bremse.gebremst("c", fehlversuch=False)  # there is room for two: all begin anew


def test_in_der_datei_steht_kein_token_und_nur_man_selbst_liest_sie(datei: Path) -> None:
    tokens = tokendatei_anlegen(datei)
    text = datei.read_text("utf-8")
    assert [t for t in tokens.values() if t in text] == []
    assert all(len(t) == 43 for t in tokens.values())  # 32 random bytes
    if os.name == "posix":
        assert datei.stat().st_mode & 0o777 == 0o600
        assert not tokendatei.zu_offen(datei)
        datei.chmod(0o644)
        assert tokendatei.zu_offen(datei)


def test_ein_token_gilt_bis_und_mit_seinem_letzten_tag(datei: Path) -> None:
    token = tokendatei.hinzufuegen(datei, tokendatei.Eintrag("A", "A", BEIDE, "", date(2024, 9, 10)))
    assert inhaber(datei, token, date(2024, 9, 10)) == Person("A", "A", BEIDE)
    assert inhaber(datei, token, date(2024, 9, 11)) is None


PERSON = '[[person]]\nname = "Anna"\nvisum = "AB"\nrollen = ["Erfassung"]\nsha256 = "' + "a" * 64 + '"\n'


@pytest.mark.parametrize(
    ("text", "satz"),
    [
        ("", "Die Token-Datei «{}» nennt niemanden. Machen Sie ein Token mit «krs token»."),
        ("person = 7", "Die Token-Datei «{}» nennt niemanden. Machen Sie ein Token mit «krs token»."),
        (
            "[[person",
            "Die Token-Datei «{}» ist beschädigt. Stellen Sie sie wieder her oder machen Sie eine neue mit «krs "
            "token».",
        ),
        (
            '[[person]]\nname = "A"',
            "Token-Datei «{}», Person 1: Nötig sind name, visum, rollen und sha256, möglich ist gueltig_bis.",
        ),
        (
            PERSON + 'passwort = "x"',
            "Token-Datei «{}», Person 1: Nötig sind name, visum, rollen und sha256, möglich ist gueltig_bis.",
        ),
        (
            PERSON.replace('["Erfassung"]', "[]"),
            "Token-Datei «{}», Person 1: rollen ist eine Liste mit Erfassung, Freigabe oder beiden.",
        ),
        (
            PERSON.replace("Erfassung", "Chef"),
            "Token-Datei «{}», Person 1: Die Rolle «Chef» gibt es nicht. Möglich sind Erfassung und Freigabe.",
        ),
        (
            PERSON.replace("a" * 64, "A" * 64),
            "Token-Datei «{}», Person 1: sha256 hat 64 Zeichen von 0 bis 9 und a bis f. Machen Sie Tokens mit «krs "
            "token».",
        ),
        (
            PERSON + 'gueltig_bis = "2024-12-31"',
            "Token-Datei «{}», Person 1: gueltig_bis ist ein Tag wie 2025-12-31, ohne Anführungszeichen.",
        ),
        (
            PERSON.replace('"AB"', '"A B"'),
            "Token-Datei «{}», Person 1: Das Visum hat 1 bis 20 Zeichen: Buchstaben, Ziffern, Punkt oder Bindestrich.",
        ),
        (
            PERSON.replace('"Anna"', '" "'),
            "Token-Datei «{}», Person 1: Der Name hat 1 bis 100 sichtbare Zeichen, ohne Anführungszeichen und \\.",
        ),
        (
            PERSON + PERSON.replace("Anna", "ANNA"),
            "Token-Datei «{}»: Der Name «anna» steht mehrmals. Jede Person steht einmal.",
        ),
        (
            PERSON + PERSON.replace("Anna", "Eva"),
            "Token-Datei «{}»: Das Visum «ab» steht mehrmals. Jede Person steht einmal.",
        ),
        (
            PERSON + PERSON.replace("Anna", "Eva").replace("AB", "CD"),
            "Token-Datei «{}»: Der sha256-Wert «" + "a" * 64 + "» steht mehrmals. Jede Person steht einmal.",
        ),
    ],
)
def test_eine_falsche_token_datei_wird_erklaert(datei: Path, text: str, satz: str) -> None:
    datei.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="Token-Datei") as fehler:
        tokendatei.lies(datei)
    assert str(fehler.value) == satz.format(datei)


def test_wer_schon_ein_token_hat_erhaelt_kein_zweites(datei: Path) -> None:
    tokendatei_anlegen(datei)
    vorher = datei.read_bytes()
    for name, visum, satz in (
        ("Neu", "ab", "Das Visum «ab» hat schon ein Token. Widerrufen Sie es zuerst mit --widerrufen ab."),
        ("anna bauer", "ZZ", "«anna bauer» hat schon ein Token. Widerrufen Sie es zuerst mit --widerrufen und dem "
         "Visum."),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="hat schon ein Token") as fehler:
            tokendatei.hinzufuegen(datei, tokendatei.Eintrag(name, visum, BEIDE, ""))
        assert str(fehler.value) == satz
    with pytest.raises(ValueError, match=r"Das Visum «QQ» steht nicht in"):
        tokendatei.widerrufen(datei, "QQ")
    assert datei.read_bytes() == vorher


def test_auch_xlwings_server_allein_laesst_nur_mit_unserer_datei_herein(
    datei: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ort = projektordner() / "auth" / "custom" / "__init__.py"
    plan = spec_from_file_location("krs_auth_custom", ort)
    assert plan is not None
    assert plan.loader is not None
    modul = module_from_spec(plan)
    plan.loader.exec_module(modul)

    def wer_ist(text: str) -> tuple[str, list[str]]:
        person = asyncio.run(modul.validate_token(text))
        return person.name, person.roles

    for ohne in ("", "test-token", "Bearer test-token"):
        with pytest.raises(modul.HTTPException, match="Melden Sie sich an"):
            wer_ist(ohne)
    token = tokendatei.hinzufuegen(datei, tokendatei.Eintrag("Anna", "AB", BEIDE, ""))
    monkeypatch.setenv("KRS_TOKENS", str(datei))
    assert wer_ist(f"Bearer {token}") == ("AB", ["Erfassung", "Freigabe"])
    for falsch in (token, f"Bearer {token}x"):
        with pytest.raises(modul.HTTPException, match="Melden Sie sich an"):
            wer_ist(falsch)


# --- Entra ID -------------------------------------------------------------------------------------
MANDANT, ANWENDUNG, ANDERER = "11111111-aaaa", "22222222-bbbb", "33333333-cccc"
SCHLUESSEL = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
FREMDER = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
NEUER = RSAKey.generate_key(2048, {"kid": "k2", "use": "sig", "alg": "RS256"})


class Quelle:
    """Keys as Microsoft publishes them; counts how often they were fetched."""

    def __init__(self, *schluessel: RSAKey) -> None:
        self.schluessel, self.abrufe = list(schluessel), 0

    async def __call__(self, tenant: str) -> dict[str, Any]:
        assert tenant == MANDANT
        self.abrufe += 1
        return dict(KeySet(self.schluessel).as_dict(private=False))


def inhalt(**anders: object) -> dict[str, object]:
    """Return the claims of a good token; None takes one out."""
    jetzt = int(time.time())
    gut: dict[str, object] = {
        "ver": "2.0", "iss": f"https://login.microsoftonline.com/{MANDANT}/v2.0", "aud": ANWENDUNG, "tid": MANDANT,
        "oid": "44444444-dddd", "preferred_username": "anna.bauer@so.ch", "iat": jetzt - 10, "nbf": jetzt - 10,
        "exp": jetzt + 600, "roles": ["Freigabe", "Unbekannt"],
    }  # fmt: skip
    return {k: v for k, v in {**gut, **anders}.items() if v is not None}


def unterschrieben(werte: dict[str, object], schluessel: Any = SCHLUESSEL, alg: str = "RS256") -> str:
    """Return a token."""
    return jwt.encode({"alg": alg, "kid": schluessel.kid or "k1"}, werte, schluessel, algorithms=[alg])


def geprueft(token: str, quelle: Quelle | None = None) -> Person | None:
    """Judge a token."""
    return asyncio.run(Entra(MANDANT, ANWENDUNG, quelle or Quelle(SCHLUESSEL)).person(token))


def test_ein_token_von_entra_nennt_konto_visum_und_unsere_rollen() -> None:
    assert geprueft(unterschrieben(inhalt())) == Person("44444444-dddd", "anna.bauer", frozenset({Rolle.FREIGABE}))


def test_auch_die_aeltere_form_wird_verstanden() -> None:
    alt = inhalt(ver="1.0", iss=f"https://sts.windows.net/{MANDANT}/", aud=f"api://{ANWENDUNG}", roles=None)
    assert geprueft(unterschrieben(alt)) == Person("44444444-dddd", "anna.bauer", frozenset())


@pytest.mark.parametrize(
    "anders",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"exp": "morgen"},
        {"nbf": int(time.time()) + 3600},
        {"aud": ANDERER},
        {"aud": [ANWENDUNG]},
        {"tid": ANDERER},
        {"iss": f"https://login.microsoftonline.com/{ANDERER}/v2.0"},
        {"iss": f"https://sts.windows.net/{MANDANT}/"},
        {"ver": "1.0"},
        {"oid": None},
        {"oid": ""},
        {"preferred_username": None},
    ],
    ids=" und ".join,  # never the values: a time differs between two workers
)
def test_ein_token_das_nicht_fuer_uns_oder_nicht_jetzt_gilt_zaehlt_nicht(anders: dict[str, object]) -> None:
    assert geprueft(unterschrieben(inhalt(**anders))) is None


def test_ein_fremd_unterschriebenes_oder_veraendertes_token_zaehlt_nicht() -> None:
    gut = unterschrieben(inhalt())
    kopf, mitte, schluss = gut.split(".")
    assert geprueft(unterschrieben(inhalt(), FREMDER)) is None
    assert geprueft(f"{kopf}.{mitte}.{schluss[:-4]}AAAA") is None
    assert geprueft(f"eyJhbGciOiJub25lIn0.{mitte}.") is None
    geteilt = OctKey.generate_key(256, {"kid": "k1"})
    assert geprueft(unterschrieben(inhalt(), geteilt, "HS256")) is None
    tief = base64.urlsafe_b64encode(b"[" * 6_000).decode()
    for unsinn in (f"{tief}.e30.e30", "", "x", "a.b.c", "....", "e30.e30.", "\xff.x.y", "W10.e30.e30"):
        assert geprueft(unsinn) is None


def test_ein_token_endet_auch_wenn_es_eben_noch_galt(monkeypatch: pytest.MonkeyPatch) -> None:
    pruefer, token = Entra(MANDANT, ANWENDUNG, Quelle(SCHLUESSEL)), unterschrieben(inhalt())
    assert asyncio.run(pruefer.person(token)) is not None
    spaeter = time.time() + 601
    monkeypatch.setattr(entra.time, "time", lambda: spaeter)
    assert asyncio.run(pruefer.person(token)) is None


def test_neue_schluessel_werden_geholt_aber_nicht_bei_jedem_unsinn(monkeypatch: pytest.MonkeyPatch) -> None:
    uhr = [1000.0]
    monkeypatch.setattr(entra.time, "monotonic", lambda: uhr[0])
    quelle = Quelle(SCHLUESSEL)
    pruefer = Entra(MANDANT, ANWENDUNG, quelle)
    assert asyncio.run(pruefer.person(unterschrieben(inhalt()))) is not None
    quelle.schluessel.append(NEUER)
    for _ in range(5):
        assert asyncio.run(pruefer.person(unterschrieben(inhalt(), NEUER))) is None
    assert quelle.abrufe == 1
    uhr[0] += 301
    assert asyncio.run(pruefer.person(unterschrieben(inhalt(), NEUER))) is not None
    assert quelle.abrufe == 2


def test_viele_zugleich_holen_die_schluessel_einmal() -> None:
    quelle = Quelle(SCHLUESSEL)

    async def langsam(tenant: str) -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return await quelle(tenant)

    pruefer, token = Entra(MANDANT, ANWENDUNG, langsam), unterschrieben(inhalt())

    async def alle() -> list[Person | None]:
        return await asyncio.gather(*(pruefer.person(token) for _ in range(20)))

    assert {p.visum if p else "" for p in asyncio.run(alle())} == {"anna.bauer"}
    assert quelle.abrufe == 1


def test_sind_die_schluessel_nicht_zu_holen_wird_nicht_bei_jeder_anfrage_gefragt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uhr, abrufe, stoerung = [1000.0], [0], [True]
    monkeypatch.setattr(entra.time, "monotonic", lambda: uhr[0])
    quelle = Quelle(SCHLUESSEL)

    async def unsicher(tenant: str) -> dict[str, Any]:
        abrufe[0] += 1
        if stoerung[0]:
            raise OSError
        return await quelle(tenant)

    pruefer, token = Entra(MANDANT, ANWENDUNG, unsicher), unterschrieben(inhalt())
    for _ in range(5):
        with pytest.raises(OSError, match=r"^$"):
            asyncio.run(pruefer.person(token))
    assert abrufe == [1]
    uhr[0], stoerung[0] = 1011.0, False
    assert asyncio.run(pruefer.person(token)) is not None
    assert abrufe == [2]


def test_der_server_laesst_mit_entra_herein_und_bei_stoerung_niemanden() -> None:
    e = Einstellungen(entra_tenant=MANDANT, entra_client=ANWENDUNG)

    async def weg(_: str) -> dict[str, Any]:
        raise OSError

    def frage(quelle: Any) -> Any:
        anmeldung = Anmeldung(e, lambda: HEUTE, Entra(MANDANT, ANWENDUNG, quelle))
        return asyncio.run(anmeldung.person([f"Bearer {unterschrieben(inhalt())}"], "10.0.0.1"))

    assert frage(Quelle(SCHLUESSEL)).visum == "anna.bauer"
    with pytest.raises(Exception, match=r"Die Anmeldung ist zurzeit gestört\. Melden Sie es der Informatik\."):
        frage(weg)


def test_wer_keine_rolle_hat_erfaehrt_es_und_sieht_keine_daten() -> None:
    e = Einstellungen(entra_tenant=MANDANT, entra_client=ANWENDUNG)
    app = anwendung(e, lambda: HEUTE, Anmeldung(e, lambda: HEUTE, Entra(MANDANT, ANWENDUNG, Quelle(SCHLUESSEL))))

    async def frage(pfad: str) -> tuple[int, object]:
        kopf = {"Authorization": f"Bearer {unterschrieben(inhalt(roles=None))}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            antwort = await client.get(pfad, headers=kopf)
            return antwort.status_code, antwort.json()

    assert asyncio.run(frage("/krs/ich")) == (200, {"visum": "anna.bauer", "rollen": []})
    assert asyncio.run(frage("/krs/tafel")) == (
        403, {"fehler": "Ihr Konto hat keine Rolle in start.integration. Wenden Sie sich an die Informatik."},
    )  # fmt: skip
