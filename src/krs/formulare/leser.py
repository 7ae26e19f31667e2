"""The readers behind krs.formulare.arten: from a cell that holds something to a value.

What each of them takes stands in the table, as people read it; anything else is a ValueError without words.
Nothing is rounded in silence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from krs.formulare.eingabe import Zelle, als_tag
from krs.formulare.typen import mailadresse, normal, ziffern
from krs.recht import Halbjahr
from krs.recht.zeit import JAHRE, lies_jahr, pruefe_jahr

HOECHSTE_FRANKEN = 999_999_999
_RAPPEN = Decimal("0.01")
# «3.000» may be three or three thousand: not more than two digits after the point, but for a share like 0.125.
_GANZ = re.compile(r"\d+([.,]0{1,2})?")
_ZAHL = re.compile(r"\d+([.,]\d{1,2})?|0[.,]\d+")
_GENAU = re.compile(r"[+-]?\d+([.,]\d+)?")
_WAEHRUNG = r"(?:S?Fr\.?|CHF|Franken)"
_VORSATZ = re.compile(rf"^{_WAEHRUNG}(?=[\s\d+−-])|(?:[.,][-–—]+ ?)?(?:(?<=[\s\d.–—-]){_WAEHRUNG})?$", re.IGNORECASE)
_MONATE = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONATSNAME = re.compile(
    r"(\d{1,2})\.? ?(jan(?:uar)?|feb(?:ruar)?|m(?:ärz?|rz)|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dez(?:ember)?)\.? ?(\d{4})"
)
_MONATE_IM_JAHR = len(_MONATE)
_SCHRAEG = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_JAHRGRUND = re.compile(r"(\d{4})\s*[:,–-]\s*(\S.*)")
_TAG = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_AB_PROZENT = 5
_QR_IID = range(30000, 32000)


def text(zelle: Zelle) -> str:
    """Return the text, trimmed; a number as it stands."""
    return zelle.wert.strip() if isinstance(zelle.wert, str) else zelle.anzeige


def auswahl(zelle: Zelle, erlaubt: tuple[str, ...]) -> str:
    """Return one of the allowed texts; case and blanks do not matter. Raises: ValueError."""
    gesucht = normal(str(zelle.wert)).casefold()
    return erlaubt[[wert.casefold() for wert in erlaubt].index(gesucht)]


def qr_iban(nummer: str) -> bool:
    """Tell whether a Swiss IBAN is for QR-bills only, by its institute (IID)."""
    return nummer[:2] in ("CH", "LI") and int(nummer[4:9]) in _QR_IID


def betrag(zelle: Zelle, stellen: int = 2) -> Decimal:
    """Return francs >= 0 with at most so many decimals. Raises: ValueError."""
    wert = im(genau(zelle), 0)
    if wert != round(wert, stellen):
        raise ValueError
    return wert


# --- numbers --------------------------------------------------------------------------------
def dezimal(zelle: Zelle, muster: re.Pattern[str] = _ZAHL) -> Decimal:
    """Return a number of a form as it stands: what a text must look like is strict."""
    if isinstance(zelle.wert, Decimal) and zelle.wert.is_finite():
        return zelle.wert
    if isinstance(zelle.wert, str):
        roh = ziffern(zelle.wert)
        if muster.fullmatch(roh):
            return Decimal(roh.replace(",", "."))
    raise ValueError


def franken(zelle: Zelle) -> Decimal:
    """Return an amount of a form: a number as it stands, also with its currency.

    >>> franken(Zelle(wert="Fr. 9'000.–")), franken(Zelle(wert="9000 Fr.")), franken(Zelle(wert="CHF 12.50"))
    (Decimal('9000'), Decimal('9000'), Decimal('12.50'))
    """
    return dezimal(replace(zelle, wert=_betragstext(zelle.wert)) if isinstance(zelle.wert, str) else zelle)


def _betragstext(text_: str) -> str:
    """Return the digits of an amount, without its currency and the dash that stands for no Rappen."""
    return _VORSATZ.sub("", ziffern(text_)).strip()


def genau(zelle: Zelle) -> Decimal:
    """Return a number of either sign, also behind «Fr.», freed of the noise of binary fractions.

    >>> genau(Zelle(wert="Fr. 1'234.50")), genau(Zelle(wert=Decimal("12.350000000000001")))
    (Decimal('1234.50'), Decimal('12.35'))
    """
    wert = zelle.wert
    if not isinstance(wert, Decimal):
        roh = ziffern(_betragstext(knapp(zelle))).replace("−", "-")
        if isinstance(wert, bool) or not _GENAU.fullmatch(roh):
            raise ValueError
        wert = Decimal(roh.replace(",", "."))
    rein = im(wert, -HOECHSTE_FRANKEN, HOECHSTE_FRANKEN).quantize(Decimal("0.000001")).normalize()
    rappen = rein.quantize(_RAPPEN)
    return rappen if rein == rappen else rein


def im(wert: Decimal, von: int | Decimal, bis: int = HOECHSTE_FRANKEN) -> Decimal:
    """Return a number within bounds."""
    if not von <= wert <= bis:
        raise ValueError
    return wert


def ganz(wert: Decimal, von: int, bis: int) -> int:
    if wert != wert.to_integral_value():
        raise ValueError
    return int(im(wert, von, bis))


def anzahl(zelle: Zelle, bis: int) -> int:
    return ganz(dezimal(zelle, _GANZ), 0, bis)


def anhang(zelle: Zelle) -> int:
    return ganz(genau(Zelle(wert=knapp(zelle).casefold().removeprefix("anhang").strip())), 1, 3)


def ueber_null(zelle: Zelle) -> Decimal:
    return im(betrag(zelle), _RAPPEN)


def anteil(zelle: Zelle) -> Decimal:
    """Return a share, 0.2 for 20 %, at most 10 (ten full posts); from 5 on a number means per cent: who has five posts?

    >>> anteil(Zelle(wert=Decimal("0.2"))), anteil(Zelle(wert="20 %")), anteil(Zelle(wert=Decimal(20)))
    (Decimal('0.2'), Decimal('0.2'), Decimal('0.2'))
    """
    if isinstance(zelle.wert, str) and normal(zelle.wert).endswith("%"):
        return im(dezimal(Zelle(wert=normal(zelle.wert).removesuffix("%"))) / 100, 0, 10)
    wert = im(dezimal(zelle), 0, 100)
    return wert if wert < _AB_PROZENT else wert / 100


# --- days and periods -----------------------------------------------------------------------
def tag(zelle: Zelle, von: int, formen: tuple[str, ...] = ("%d.%m.%Y", "%Y-%m-%d"), bis: int = 2099) -> date:
    """Return a day of these years, also from text in one of these forms."""
    gelesen: date | None = zelle.wert if isinstance(zelle.wert, date) else None
    if isinstance(zelle.wert, str):
        for form in formen:
            try:
                gelesen = datetime.strptime(normal(zelle.wert).replace(" ", ""), form).date()  # noqa: DTZ007 a day has no zone
                break
            except ValueError:
                continue
    if gelesen is None or not von <= gelesen.year <= bis:
        raise ValueError
    return gelesen.date() if isinstance(gelesen, datetime) else gelesen


def datum(zelle: Zelle) -> date:
    """Return a day of a form; with strokes only where day and month cannot be taken for each other.

    >>> datum(Zelle(wert="31. Januar 2024")), datum(Zelle(wert="31/01/2024")), datum(Zelle(wert="31.1.24"))
    (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), datetime.date(2024, 1, 31))
    """
    if isinstance(zelle.wert, str):
        zelle = replace(zelle, wert=_mit_punkten(normal(zelle.wert).casefold()))
    return tag(zelle, 2000, ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"))


def _mit_punkten(text_: str) -> str:
    """Return a day with the name of its month, or with strokes, as 31.1.2024; anything else as it is."""
    if t := _MONATSNAME.fullmatch(text_):
        return f"{t[1]}.{_MONATE.index(t[2][:3].replace('mrz', 'mär')) + 1}.{t[3]}"
    t = _SCHRAEG.fullmatch(text_)
    return f"{t[1]}.{t[2]}.{t[3]}" if t and (int(t[1]) > _MONATE_IM_JAHR or t[1] == t[2]) else text_


def iso(zelle: Zelle) -> date:
    return date.fromisoformat(wie("[0-9]{4}-[0-9]{2}-[0-9]{2}", zelle.wert))


def zelltag(zelle: Zelle) -> date:
    """Return a day as a function gets it: Excel hands over its serial number."""
    gelesen = als_tag(zelle).wert if isinstance(zelle.wert, Decimal) else None
    return gelesen if isinstance(gelesen, date) else datum(zelle)


def getippt(zelle: Zelle) -> date:
    return tag(zelle, 1, bis=9999) if _TAG.fullmatch(str(zelle.wert)) else iso(zelle)


def halbjahr(zelle: Zelle) -> Halbjahr:
    return Halbjahr.parse(knapp(zelle).upper())


def zeit(zelle: Zelle) -> Halbjahr | int:
    return ganz(genau(zelle), JAHRE[0], JAHRE[-1]) if knapp(zelle).isdigit() else halbjahr(zelle)


def periode(zelle: Zelle) -> str:
    zeit_ = knapp(zelle).upper()
    return str(Halbjahr.parse(zeit_) if "-" in zeit_ else lies_jahr(zeit_))


def jahre(zelle: Zelle) -> tuple[tuple[int, str], ...]:
    teile = [normal(t) for t in re.split(r"[;\n]", str(zelle.wert)) if t.strip()]
    treffer = [_JAHRGRUND.fullmatch(t) for t in teile]
    gelesen = {pruefe_jahr(int(t[1])): t[2] for t in treffer if t}
    if len(gelesen) != len(teile):
        raise ValueError
    return tuple(sorted(gelesen.items()))


def mailserver(zelle: Zelle) -> tuple[str, ...]:
    """Return names of servers in lower case; «*.so.example» is «so.example»."""
    namen = [n.lower().removeprefix("*").strip(".") for n in re.split(r"[,;\s]+", text(zelle)) if n]
    return tuple(dict.fromkeys(wie(r"[a-z0-9-]+(\.[a-z0-9-]+)+", n) for n in namen))


# --- words and numbers of accounts ----------------------------------------------------------
def knapp(zelle: Zelle) -> str:
    """Return what a cell shows, with single blanks."""
    return normal(text(zelle))


def wie(muster: str, wert: object) -> str:
    """Return a text that looks like the pattern."""
    if not re.fullmatch(muster, str(wert)):
        raise ValueError
    return str(wert)


def email(zelle: Zelle) -> str:
    if not mailadresse(text(zelle)):
        raise ValueError
    return text(zelle)


def ja_nein(zelle: Zelle) -> bool:
    """Return True for «Ja», False for «Nein»; TRUE as typed by programs is «Ja»."""
    return zelle.wert if isinstance(zelle.wert, bool) else auswahl(zelle, ("Ja", "Nein")) == "Ja"


def sha256(zelle: Zelle) -> str:
    return wie("[0-9a-f]{8,64}", knapp(zelle).replace(" ", "").lower())


def iban(zelle: Zelle) -> str:
    """Return an IBAN without blanks.

    >>> iban(Zelle(wert="CH93 0076 2011 6238 5295 7"))
    'CH9300762011623852957'
    """
    from stdnum import iban as stdnum_iban
    from stdnum.exceptions import ValidationError

    try:
        return str(stdnum_iban.validate(knapp(zelle)))
    except ValidationError as fehler:
        raise ValueError from fehler
