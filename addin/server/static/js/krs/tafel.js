// The board of submissions: filter, search, and the way from a row to its Befunde. States come from the server.
import { krs } from "./zustand.js";
import { alsBase64 } from "./dateien.js";
import { oeffneMappe } from "./excel.js";
import { hole, holeDatei } from "./netz.js";
import { LADEN_GEHT_NICHT, STATUS_FOLGE, anzahl } from "./texte.js";

const rang = (status) => {
  const stelle = STATUS_FOLGE.indexOf(status);
  return stelle < 0 ? STATUS_FOLGE.length : stelle;
};

const klein = (text) => String(text ?? "").toLocaleLowerCase("de-CH");

function zeile(roh, nummer) {
  const titel = roh.gemeinde || roh.datei || "Unbekannte Datei";
  const form = [roh.formular, roh.periode].filter(Boolean).join(", ");
  const befunde = [
    roh.fehler && `${roh.fehler} Fehler`,
    roh.rueckfragen && anzahl(roh.rueckfragen, "Rückfrage", "Rückfragen"),
    roh.hinweise && anzahl(roh.hinweise, "Hinweis", "Hinweise"),
    roh.erreicht && `${roh.erreicht} der Neuzugezogenen erreicht`,
  ];
  return Object.freeze({
    ...roh,
    nummer,
    titel,
    form,
    zeichen: ["schwer", "mittel", "fehlt"][rang(roh.status)] ?? "gut",
    zaehlung: befunde.filter(Boolean).join(", "),
    suche: klein([roh.gemeinde, roh.bfs_nr, roh.datei, roh.formular, roh.periode].join(" ")),
  });
}

export const tafel = {
  zeilen: [],
  befunde: [],
  gefiltert: [],
  chips: [],
  status: "",
  suche: "",
  stichtag: "",
  master: null,
  geladen: false,
  laeuft: false,

  get ansage() {
    if (!this.geladen) return "";
    return `${this.gefiltert.length} von ${anzahl(this.zeilen.length, "Zeile", "Zeilen")}`;
  },

  setze({ tafel: roh, befunde, stichtag, master = null }) {
    const zeilen = roh.map(zeile).sort((a, b) => rang(a.status) - rang(b.status));
    const stand = new Map();
    for (const z of zeilen) stand.set(z.status, (stand.get(z.status) ?? 0) + 1);
    const chips = [...stand].map(([status, zahl]) => ({ status, text: status, zahl }));
    Object.assign(this, {
      zeilen: Object.freeze(zeilen),
      befunde,
      stichtag: stichtag ?? "",
      // Megabytes: frozen, so that nothing watches it.
      master: master && Object.freeze(master),
      geladen: true,
      chips: [{ status: "", text: "alle", zahl: zeilen.length }, ...chips],
    });
    if (!stand.has(this.status)) this.status = "";
    this.filtere();
  },

  waehle(status) {
    this.status = status;
    this.filtere();
  },

  filtere() {
    const worte = klein(this.suche).split(/\s+/).filter(Boolean);
    this.gefiltert = Object.freeze(
      this.zeilen.filter(
        (z) => (!this.status || z.status === this.status) && worte.every((wort) => z.suche.includes(wort)),
      ),
    );
  },

  get mitMaster() {
    return this.geladen && (this.master !== null || krs().anmeldung.ablage);
  },

  /** The Master of this board; with an Ablage it lies there. */
  async oeffneMaster() {
    if (this.laeuft) return;
    this.laeuft = true;
    try {
      const base64 = this.master?.base64 ?? (await alsBase64(await holeDatei("/krs/master")));
      if (!(await oeffneMappe("Master.xlsx", base64))) krs().meldung.zeige(LADEN_GEHT_NICHT);
    } catch (fehler) {
      krs().meldung.zeigeFehler(fehler, () => this.oeffneMaster());
    } finally {
      this.laeuft = false;
    }
  },

  oeffne(z) {
    krs().befunde.zeigeZeile(z);
  },

  /** After signing on: with an Ablage there is a board before anybody dropped anything. */
  ladeErstmals() {
    if (krs().anmeldung.ablage && !this.geladen) this.lade();
  },

  async lade() {
    if (this.laeuft) return;
    this.laeuft = true;
    try {
      const tag = krs().eingang.stichtag;
      krs().setzeTafel(await hole(`/krs/tafel${tag ? `?stichtag=${encodeURIComponent(tag)}` : ""}`));
    } catch (fehler) {
      krs().meldung.zeigeFehler(fehler, () => this.lade());
    } finally {
      this.laeuft = false;
    }
  },

  leere() {
    Object.assign(this, { zeilen: [], befunde: [], gefiltert: [], chips: [], status: "", suche: "", master: null, geladen: false });
  },
};
