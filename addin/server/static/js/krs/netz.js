// All requests. XMLHttpRequest, because it tells the progress of an upload and has no 60-second limit on a Mac.
import { krs, datenblock } from "./zustand.js";
import { ABGELAUFEN, KEIN_ERGEBNIS, NETZ, NETZ_ZELLE, ZEIT, zuStatus } from "./texte.js";

const config = datenblock("config", { appPath: "", requestTimeout: 300 });
const BASIS = window.location.origin + (config.appPath ?? "");
// What a proxy answers when our server behind it does not.
const UNERREICHBAR = new Set([502, 503, 504]);
const FRIST = (config.requestTimeout || 300) * 1000;

/** A failed request: one German sentence and what kind it is ("netz", "zeit", "anmeldung", "server"). */
export class Netzfehler extends Error {
  constructor(satz, art, status = 0) {
    super(satz);
    this.art = art;
    this.status = status;
  }
}

/** xlwings puts String(error) into the cell; a plain Error would read «Error: …» there. */
class Zellfehler extends Error {
  toString() {
    return this.message;
  }
}

function satzAus(xhr) {
  const text = typeof xhr.response === "string" ? xhr.response : "";
  if ((xhr.getResponseHeader("Content-Type") ?? "").includes("json")) {
    try {
      const satz = JSON.parse(text).fehler;
      if (typeof satz === "string" && satz) return satz;
    } catch {
      // No sentence of ours: the general one below.
    }
    return zuStatus(xhr.status);
  }
  // Our routes for macros answer mistakes in plain text; a proxy in front answers HTML, which is not for people.
  const schlicht = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
  return schlicht && xhr.status < 500 && text && text.length < 1000 ? text : zuStatus(xhr.status);
}

function sende(verb, pfad, kopf, koerper, { binaer = false, fortschritt = null } = {}) {
  return new Promise((gut, schlecht) => {
    const xhr = new XMLHttpRequest();
    xhr.open(verb, BASIS + pfad);
    xhr.timeout = FRIST;
    for (const [name, wert] of Object.entries(kopf)) xhr.setRequestHeader(name, wert);
    if (binaer) xhr.responseType = "blob";
    if (fortschritt) {
      xhr.upload.onprogress = (e) => e.lengthComputable && fortschritt(Math.round((100 * e.loaded) / e.total));
      xhr.upload.onload = () => fortschritt(100);
    }
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) gut(xhr);
      else if (xhr.status === 401) schlecht(new Netzfehler(ABGELAUFEN, "anmeldung", 401));
      else if (UNERREICHBAR.has(xhr.status)) schlecht(new Netzfehler(NETZ, "netz", xhr.status));
      else schlecht(new Netzfehler(binaer ? zuStatus(xhr.status) : satzAus(xhr), "server", xhr.status));
    };
    xhr.onerror = () => schlecht(new Netzfehler(NETZ, "netz"));
    xhr.onabort = xhr.onerror;
    xhr.ontimeout = () => schlecht(new Netzfehler(ZEIT, "zeit"));
    xhr.send(koerper);
  });
}

async function kopfzeilen() {
  const ausweis = await globalThis.getAuth();
  const kopf = ausweis.token ? { Authorization: ausweis.token } : {};
  if (ausweis.provider) kopf["Auth-Provider"] = ausweis.provider;
  return kopf;
}

function alsJson(xhr) {
  try {
    return JSON.parse(xhr.response);
  } catch {
    throw new Netzfehler(KEIN_ERGEBNIS, "server", xhr.status);
  }
}

/** Open data, without sign-on: it must work before anybody is signed on. */
export async function holeOffen(pfad) {
  return alsJson(await sende("GET", pfad, {}, null));
}

export async function hole(pfad) {
  return alsJson(await sende("GET", pfad, await kopfzeilen(), null));
}

export async function holeDatei(pfad) {
  return (await sende("GET", pfad, await kopfzeilen(), null, { binaer: true })).response;
}

export async function sendeFormular(pfad, formular, fortschritt) {
  return alsJson(await sende("POST", pfad, await kopfzeilen(), formular, { fortschritt }));
}

export async function sendeJson(pfad, daten) {
  const kopf = { ...(await kopfzeilen()), "Content-Type": "application/json" };
  return alsJson(await sende("POST", pfad, kopf, JSON.stringify(daten)));
}

/** The functions in the cells call the server through xlwings; its network errors are English, and it hides a 401. */
export function uebersetzeFunktionen() {
  const urspruenglich = globalThis.xwRequest;
  if (!urspruenglich) return;
  globalThis.xwRequest = {
    ...urspruenglich,
    post: async (...alles) => {
      try {
        return await urspruenglich.post(...alles);
      } catch (fehler) {
        if (fehler.response?.status === 401) krs()?.anmeldung.verlange();
        if (fehler.response) throw fehler;
        throw new Zellfehler(NETZ_ZELLE);
      }
    },
  };
}
