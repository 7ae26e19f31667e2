// Files that came in: collect them, send them, show what came out. They stay here until they are removed.
import { krs } from "./zustand.js";
import { fingerabdruck } from "./dateien.js";
import { sendeFormular } from "./netz.js";
import { KEINE_DATEI, ORDNER, anzahl, groesse } from "./texte.js";

const STAMMDATEN = /^stammdaten.*\.xlsx$/i;

// The File objects stand outside of what Alpine watches: a watched File cannot be sent.
const inhalt = new Map();
let naechste = 1;

export const eingang = {
  liste: [],
  stichtag: "",
  darueber: false,
  laeuft: false,
  prozent: 0,
  ansage: "",

  get leer() {
    return this.liste.length === 0;
  },

  get zusammen() {
    const bytes = this.liste.reduce((summe, d) => summe + d.bytes, 0);
    return `${anzahl(this.liste.length, "Datei", "Dateien")}, ${groesse(bytes)}`;
  },

  /** Add files; the same file a second time is left out. */
  nimm(dateien) {
    let doppelt = 0;
    for (const datei of dateien) {
      const schluessel = `${datei.name}|${datei.size}|${datei.lastModified}`;
      if (this.liste.some((d) => d.schluessel === schluessel)) {
        doppelt += 1;
        continue;
      }
      const nummer = naechste++;
      inhalt.set(nummer, datei);
      const art = STAMMDATEN.test(datei.name) ? "Stammdaten" : "";
      this.liste.push({ nummer, schluessel, art, name: datei.name, bytes: datei.size, groesse: groesse(datei.size) });
    }
    const satz = `${anzahl(this.liste.length, "Datei liegt", "Dateien liegen")} bereit.`;
    this.ansage = doppelt ? `${satz} ${anzahl(doppelt, "Datei war", "Dateien waren")} schon da.` : satz;
  },

  waehle(ereignis) {
    this.nimm(ereignis.target.files);
    ereignis.target.value = "";
  },

  lasseFallen(ereignis) {
    this.darueber = false;
    const teile = [...(ereignis.dataTransfer?.items ?? [])];
    if (teile.some((t) => t.webkitGetAsEntry?.()?.isDirectory)) krs().meldung.zeige(ORDNER);
    const ordner = new Set(teile.map((t, i) => (t.webkitGetAsEntry?.()?.isDirectory ? i : -1)));
    this.nimm([...(ereignis.dataTransfer?.files ?? [])].filter((_, i) => !ordner.has(i)));
  },

  entferne(nummer) {
    const stelle = this.liste.findIndex((d) => d.nummer === nummer);
    inhalt.delete(nummer);
    this.liste.splice(stelle, 1);
    this.ansage = `${anzahl(this.liste.length, "Datei liegt", "Dateien liegen")} bereit.`;
    // The pressed button is gone: the focus goes to its neighbour, not to the top of the page.
    const nachbar = this.liste[Math.min(stelle, this.liste.length - 1)];
    krs().fokus(nachbar ? `entfernen-${nachbar.nummer}` : "dateiwahl");
  },

  alleWeg() {
    inhalt.clear();
    this.liste = [];
    this.ansage = "Die Liste ist leer.";
    krs().fokus("dateiwahl");
  },

  /** The dropped file of a Befund: by its SHA-256 where it is known, else by its name. */
  async suche(befund) {
    const name = (befund.datei ?? "").split(/[\\/]/).pop();
    const gleiche = [...inhalt.values()].filter((d) => d.name === name);
    if (!befund.sha256) return gleiche.length === 1 ? gleiche[0] : null;
    for (const datei of [...gleiche, ...inhalt.values()]) {
      if ((await fingerabdruck(datei)) === befund.sha256) return datei;
    }
    return null;
  },

  pruefe() {
    return this.sende("/krs/pruefen", "Geprüft");
  },

  konsolidiere() {
    return this.sende("/krs/eingang", "Konsolidiert");
  },

  async sende(pfad, titel) {
    if (this.laeuft) return;
    if (!this.liste.some((d) => !d.art)) {
      krs().meldung.zeige(KEINE_DATEI);
      return;
    }
    Object.assign(this, { laeuft: true, prozent: 0, ansage: "Dateien werden gesendet …" });
    krs().meldung.weg();
    krs().ergebnis.schliesse();
    try {
      const antwort = await sendeFormular(pfad, this.formular(pfad), (prozent) => this.fortschritt(prozent));
      this.ansage = "Fertig.";
      krs().ergebnis.zeige({ titel, tafel: { tafel: [], ...antwort } });
    } catch (fehler) {
      this.ansage = "Nicht fertig geworden. Die Dateien liegen weiterhin bereit.";
      krs().fokus(pfad === "/krs/eingang" ? "konsolidieren" : "nur-pruefen");
      krs().meldung.zeigeFehler(fehler, () => this.sende(pfad, titel));
    } finally {
      this.laeuft = false;
    }
  },

  fortschritt(prozent) {
    if (prozent === this.prozent) return;
    this.prozent = prozent;
    if (prozent === 100) this.ansage = "Die Dateien sind beim Server und werden geprüft …";
  },

  formular(pfad) {
    const formular = new FormData();
    for (const { nummer, art } of this.liste) {
      const datei = inhalt.get(nummer);
      if (!art) formular.append("dateien", datei, datei.name);
      else if (pfad === "/krs/eingang") formular.append("stammdaten", datei, datei.name);
    }
    if (this.stichtag) formular.append("stichtag", this.stichtag);
    return formular;
  },
};
