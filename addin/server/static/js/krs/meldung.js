// The banner: one sentence at a time, and the one button that helps. It is the only place where errors appear.
import { krs } from "./zustand.js";
import { Netzfehler } from "./netz.js";
import { zuExcel } from "./texte.js";

export const meldung = {
  satz: "",
  hilfe: "",
  nochmals: null,

  get knopf() {
    return { nochmals: "Erneut versuchen", anmelden: "Erneut anmelden" }[this.hilfe] ?? "";
  },

  /** Show a sentence. `nochmals`: what «Erneut versuchen» does; without it there is no such button. */
  zeige(satz, hilfe = "", nochmals = null) {
    Object.assign(this, { satz, hilfe, nochmals });
  },

  /** Show whatever was thrown, as one German sentence. */
  zeigeFehler(fehler, nochmals = null) {
    if (!(fehler instanceof Netzfehler)) {
      this.zeige(typeof fehler === "string" ? fehler : zuExcel(fehler));
      return;
    }
    if (fehler.art === "anmeldung") {
      krs().anmeldung.verlange();
      return;
    }
    const verbindung = fehler.art === "netz" || fehler.art === "zeit";
    this.zeige(fehler.message, verbindung && nochmals ? "nochmals" : "", nochmals);
  },

  weg() {
    this.zeige("");
  },

  drueckeKnopf() {
    const { hilfe, nochmals } = this;
    this.weg();
    if (hilfe === "anmelden") krs().anmeldung.zurAnmeldung();
    else nochmals?.();
  },
};
