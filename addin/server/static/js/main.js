// Puts the page together. Each part is an object of its own; Alpine shows it (CSP build: no code in attributes beyond
// names and calls).
import { anmeldung } from "./krs/anmeldung.js";
import { befehle } from "./krs/befehle.js";
import { befunde } from "./krs/befunde.js";
import { eingang } from "./krs/eingang.js";
import { ergebnis, krsErgebnis } from "./krs/ergebnis.js";
import { meldung } from "./krs/meldung.js";
import { uebersetzeFunktionen } from "./krs/netz.js";
import { krsSchutzAuf, krsSchutzZu } from "./krs/schutz.js";
import { tafel } from "./krs/tafel.js";
import { setzeWurzel } from "./krs/zustand.js";

const BEREICHE = ["eingang", "tafel", "befunde", "befehle"];
const TASTEN = { ArrowRight: 1, ArrowLeft: -1 };

globalThis.registerAlpineComponent("krs", {
  anmeldung,
  befehle,
  befunde,
  eingang,
  ergebnis,
  meldung,
  tafel,
  bereich: "eingang",

  init() {
    setzeWurzel(this);
    uebersetzeFunktionen();
    for (const rueckruf of [krsErgebnis, krsSchutzAuf, krsSchutzZu]) globalThis.xlwings.registerCallback(rueckruf);
    // The ribbon waits: without knowing the server, it could not tell what a button may do.
    this.anmeldung.beginne().finally(() => globalThis.krsSeiteDa(this));
  },

  /** Files may be dropped anywhere; without this the browser would leave the page to show them. */
  lasseFallen(ereignis) {
    if (!ereignis.dataTransfer?.types.includes("Files")) return;
    this.wechsle("eingang");
    this.eingang.lasseFallen(ereignis);
  },

  wechsle(bereich) {
    this.bereich = bereich;
  },

  /** Arrow keys, Home and End within the tabs; only the chosen one is in the tab order. */
  taste(ereignis) {
    const stelle = BEREICHE.indexOf(this.bereich);
    const ziel = { Home: 0, End: BEREICHE.length - 1 }[ereignis.key] ?? stelle + (TASTEN[ereignis.key] ?? NaN);
    if (Number.isNaN(ziel)) return;
    ereignis.preventDefault();
    this.wechsle(BEREICHE[(ziel + BEREICHE.length) % BEREICHE.length]);
    this.fokus(`reiter-${this.bereich}`);
  },

  /** Move the focus once the page shows its new state: x-show waits for a frame (or a task where nothing is drawn). */
  fokus(id) {
    const spaeter = document.visibilityState === "visible" ? requestAnimationFrame : setTimeout;
    globalThis.Alpine.nextTick(() => spaeter(() => document.getElementById(id)?.focus()));
  },

  /** A new board, or only Befunde of single files (then the board stays). */
  setzeTafel(neu) {
    const befundliste = neu.befunde ?? [];
    if (neu.tafel?.length) {
      this.tafel.setze({ ...neu, befunde: Object.freeze(befundliste) });
      this.befunde.setze(befundliste, "Tafel");
    } else {
      this.befunde.setze(befundliste, this.ergebnis.titel || "Prüfung");
    }
  },

  /** Signing off leaves nothing on the screen. */
  leere() {
    this.eingang.alleWeg();
    this.ergebnis.schliesse();
    for (const teil of [this.tafel, this.befunde, this.befehle]) teil.leere();
    this.meldung.weg();
  },
});
