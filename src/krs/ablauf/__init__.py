"""The straight line: file → form → Befunde → claims → Master. Every host calls these functions (entwurf 2)."""

from krs.ablauf.archivar import Bereinigt, Geloescht, archiv_bereinigen, archiv_liste, archiv_loeschen
from krs.ablauf.ausgabe import Vorlagen, neu, vorlagen, vorlagenname
from krs.ablauf.einzeln import Geprueft, als_json, pruefe_eingabe, pruefen
from krs.ablauf.gemeinsam import Fortschritt, einreichung, stammdaten_laden, stille
from krs.ablauf.konsolidierung import Konsolidiert, konsolidieren
from krs.ablauf.mahnungen import Gemahnt, mahnen
from krs.ablauf.stichproben import Gezogene, stichprobe
